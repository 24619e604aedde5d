package io.gocacheserver.security;

import io.gocacheserver.security.tokens.Permission;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * The permission that a request needs, by its method and path. Unknown paths need an administrator: a new resource is closed
 * until a line here opens it.
 */
final class Routes {

    private static final String EXCHANGE = ExchangeController.PATH;
    private static final Set<String> OBSERVED =
            Set.of("/health", "/info", "/metrics", "/prometheus", "/expvar");
    private static final Set<String> OPEN = Set.of("/", "/openapi.yaml", "/livez", "/readyz");
    private static final Set<String> PROBES = Set.of("/health/liveness", "/health/readiness");

    private final String actuator;
    private final boolean managementOnly;

    /** The actuator's path has no slash at its end. On a port that only the cluster reaches, to observe needs no token. */
    Routes(String actuator, boolean managementOnly) {
        this.actuator = actuator;
        this.managementOnly = managementOnly;
    }

    @Nullable Permission needed(String method, String path) {
        return switch (method) {
            case "GET", "HEAD" -> forGet(path);
            case "PUT" -> isPut(path) ? Permission.WRITE : Permission.ADMIN;
            case "POST" -> forPost(path);
            default -> Permission.ADMIN;
        };
    }

    private @Nullable Permission forGet(String path) {
        if (path.startsWith(WirePaths.ACTION) || path.startsWith(WirePaths.OUTPUT)) {
            return Permission.READ;
        }
        if (path.equals(WirePaths.FILTER) || isModule(path)) {
            return Permission.READ;
        }
        if (path.startsWith(actuator + "/")) {
            return forActuator(path.substring(actuator.length()));
        }
        if (path.equals("/status.json")) {
            return Permission.OBSERVE;
        }
        if (path.equals(WirePaths.BUILDS) || path.startsWith(WirePaths.BUILDS + "/")) {
            return Permission.BUILDS;
        }
        boolean open = OPEN.contains(path) || isFile(path, "/page/") || isFile(path, "/adapter/");
        return open ? null : Permission.ADMIN;
    }

    /**
     * Whether a path can mean one thing only: letters, digits, {@code - _ .} and single slashes, no segment that begins with
     * a dot.
     */
    static boolean isPlain(String path) {
        char last = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || (c >= 'A' && c <= 'Z')
                            || c == '-'
                            || c == '_'
                            || ((c == '.' || c == '/') && last != '/');
            if (!plain || (i == 0 && c != '/')) {
                return false;
            }
            last = c;
        }
        return true;
    }

    static boolean isModule(String path) {
        return path.startsWith(WirePaths.MODULES);
    }

    private @Nullable Permission forActuator(String endpoint) {
        if (PROBES.contains(endpoint)) {
            return null;
        }
        int end = endpoint.indexOf('/', 1);
        String name = end < 0 ? endpoint : endpoint.substring(0, end);
        if (!OBSERVED.contains(name)) {
            return Permission.ADMIN;
        }
        return managementOnly ? null : Permission.OBSERVE;
    }

    private static @Nullable Permission forPost(String path) {
        return switch (path) {
            case EXCHANGE -> null;
            case WirePaths.BUILDS, WirePaths.PREFETCH -> Permission.READ;
            case WirePaths.PREFETCH_USED -> Permission.WRITE;
            default -> isPackages(path) ? Permission.READ : Permission.ADMIN;
        };
    }

    private static boolean isPackages(String path) {
        return path.startsWith(WirePaths.BUILDS + "/") && path.endsWith("/packages");
    }

    /** Two segments: an object, an action, or both. */
    private static boolean isPut(String path) {
        int second = path.indexOf('/', 1);
        return second > 1 && path.indexOf('/', second + 1) < 0;
    }

    private static boolean isFile(String path, String directory) {
        return path.startsWith(directory) && path.indexOf('/', directory.length()) < 0;
    }
}
