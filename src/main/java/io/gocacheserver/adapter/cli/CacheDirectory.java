package io.gocacheserver.adapter.cli;

import java.io.File;
import java.util.Map;

/**
 * The directory that {@code go env GOCACHE} names, found without running {@code go}: cmd/go sets {@code GOCACHE} for its
 * children; otherwise it is {@code go-build} in what Go's {@code os.UserCacheDir} returns.
 */
public final class CacheDirectory {

    private final Map<String, String> environment;
    private final String osName;

    /** @param osName as the system property {@code os.name} */
    public CacheDirectory(Map<String, String> environment, String osName) {
        this.environment = environment;
        this.osName = osName;
    }

    String path() throws UsageException {
        String goCache = environment.get("GOCACHE");
        if (goCache != null && !goCache.isEmpty()) {
            if (!new File(goCache).isAbsolute()) {
                throw new UsageException(
                        "GOCACHE is \""
                                + goCache
                                + "\", which is no absolute path: correct it or pass --cache-dir");
            }
            return goCache;
        }
        return userCacheDir() + File.separatorChar + "go-build";
    }

    private String userCacheDir() throws UsageException {
        if (osName.startsWith("Windows")) {
            return required("LocalAppData");
        }
        if (osName.startsWith("Mac")) {
            return required("HOME") + "/Library/Caches";
        }
        String xdg = environment.get("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isEmpty()) {
            if (!new File(xdg).isAbsolute()) {
                throw new UsageException(
                        "XDG_CACHE_HOME is no absolute path: correct it or pass --cache-dir");
            }
            return xdg;
        }
        return required("HOME") + "/.cache";
    }

    private String required(String variable) throws UsageException {
        String value = environment.get(variable);
        if (value == null || value.isEmpty()) {
            throw new UsageException(
                    "no cache directory: neither GOCACHE nor "
                            + variable
                            + " is set; pass --cache-dir");
        }
        return value;
    }
}
