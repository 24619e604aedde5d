package io.gocacheserver.adapter.resident;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Reads {@code host:port} of an address that only this machine can reach. */
final class Loopback {

    private Loopback() {}

    /**
     * The address, or null if there is none.
     *
     * @throws IOException if it is none, or not of this machine alone
     */
    static @Nullable InetSocketAddress parse(@Nullable String text) throws IOException {
        if (text == null) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        try {
            InetAddress host = InetAddress.getByName(text.substring(0, Math.max(colon, 0)));
            if (colon > 0 && host.isLoopbackAddress()) {
                return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IOException(
                "--listen is \""
                        + text
                        + "\": it must be a loopback address and a port, like 127.0.0.1:8090, since nobody is asked who he is");
    }
}
