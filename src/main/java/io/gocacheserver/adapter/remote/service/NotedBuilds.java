package io.gocacheserver.adapter.remote.service;

import java.io.File;
import java.io.IOException;

/**
 * When builds were noted that found all on the local disk. Telling the service of each would cost a request for each
 * warm build and say nothing new; telling it of none would let their profile grow old. So once a day.
 */
final class NotedBuilds {

    private static final long DAY_MILLIS = 24 * 3_600_000L;

    private final File directory;

    /** @param cacheDir the local cache directory */
    NotedBuilds(String cacheDir) {
        this.directory = new File(cacheDir, "go-cache-adapter/profiles");
    }

    /** Whether such a build was noted within a day. */
    boolean isRecent(String facts) {
        return Math.abs(System.currentTimeMillis() - file(facts).lastModified()) < DAY_MILLIS;
    }

    /** One has been noted now. A directory that cannot be written costs a request more. */
    void noted(String facts) {
        File file = file(facts);
        try {
            boolean there =
                    (directory.isDirectory() || directory.mkdirs()) && !file.createNewFile();
            if (there && !file.setLastModified(System.currentTimeMillis())) {
                return;
            }
        } catch (IOException e) {
            return;
        }
    }

    private File file(String facts) {
        return new File(directory, Integer.toHexString(facts.hashCode()) + '-' + facts.length());
    }
}
