package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Locale;

/**
 * The exceptions in {@code NO_PROXY}, separated by commas: {@code *} for all; a name for itself and the names below it;
 * {@code .name} or {@code *.name} for those below it only; an address; a range like {@code 10.0.0.0/8}. A name or an
 * address may have a port. Names are not looked up.
 */
final class NoProxy {

    private NoProxy() {}

    static boolean excepts(String exceptions, String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        InetAddress address = literal(name);
        if (name.equals("localhost") || (address != null && address.isLoopbackAddress())) {
            return true;
        }
        for (String entry : exceptions.split(",", -1)) {
            if (matches(entry.strip().toLowerCase(Locale.ROOT), name, address, port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(
            String entry, String name, @Nullable InetAddress address, int port) {
        if (entry.isEmpty()) {
            return false;
        }
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return address != null && inRange(entry, slash, address);
        }
        if (address != null && address.equals(literal(entry))) {
            return true;
        }
        int colon = entry.lastIndexOf(':');
        boolean bare = colon < 0 || literal(entry) != null;
        String host = bare ? entry : entry.substring(0, colon);
        if (!bare && !entry.substring(colon + 1).equals(Integer.toString(port))) {
            return false;
        }
        if (address != null) {
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return address.equals(literal(bracketed ? host.substring(1, host.length() - 1) : host));
        }
        String domain = host.startsWith("*.") ? host.substring(1) : host;
        return domain.startsWith(".")
                ? name.endsWith(domain)
                : name.equals(domain) || name.endsWith("." + domain);
    }

    private static boolean inRange(String entry, int slash, InetAddress address) {
        InetAddress network = literal(entry.substring(0, slash));
        int bits;
        try {
            bits = Integer.parseInt(entry.substring(slash + 1));
        } catch (NumberFormatException e) {
            return false;
        }
        if (network == null) {
            return false;
        }
        byte[] a = address.getAddress();
        byte[] b = network.getAddress();
        if (a.length != b.length || bits < 0 || bits > 8 * a.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if ((a[i >> 3] & mask) != (b[i >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return text.isEmpty() ? null : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
