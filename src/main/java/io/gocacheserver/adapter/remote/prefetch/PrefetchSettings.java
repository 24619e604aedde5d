package io.gocacheserver.adapter.remote.prefetch;

import java.time.Duration;
import java.util.List;

/**
 * How a session fetches ahead of its Gets.
 *
 * @param keys names its build profile
 * @param wanted whether to fetch what the profile names, and to note builds
 * @param maxBytes about as many bytes of objects are fetched ahead, as they are sent
 * @param timeout after which nothing more is fetched ahead
 * @param streams bulk reads at once, 0 for none
 */
public record PrefetchSettings(
        Keys keys, boolean wanted, long maxBytes, Duration timeout, int streams) {

    /** Nothing is fetched ahead, and no build noted. */
    public static final PrefetchSettings NONE =
            new PrefetchSettings(new NoKeys(), false, 0, Duration.ZERO, 0);

    /** Keys of build profiles, found out when they are needed; may be asked from any thread. */
    public interface Keys {

        /** Those to read, of which the first known one is used; none if nothing is known of the build. */
        List<String> read();

        /** Those under which the build is noted. */
        List<String> write();

        /** The name of the executable that the build makes of files; the empty text if that is not known. */
        default String executableName() {
            return "";
        }
    }

    private static final class NoKeys implements Keys {

        @Override
        public List<String> read() {
            return List.of();
        }

        @Override
        public List<String> write() {
            return List.of();
        }
    }
}
