package io.gocacheserver.adapter.explain;

import io.gocacheserver.adapter.explain.GoList.Listed;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Hashes of packages' own files, of one build: at most so many bytes of them. */
final class Sources {

    private static final long MOST_BYTES = 64L << 20;
    private static final int HASH_BYTES = 12;

    private long left = MOST_BYTES;

    /** A short hash of names and contents; null if they cannot be read, or are too large. */
    @Nullable String of(Listed listed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[32 * 1024];
            for (String name : listed.files()) {
                File file = new File(listed.directory(), name);
                left -= file.length();
                if (left < 0 || new File(name).isAbsolute()) {
                    return null;
                }
                digest.update(
                        (name + '\0' + file.length() + '\0').getBytes(StandardCharsets.UTF_8));
                try (InputStream in = new FileInputStream(file)) {
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        digest.update(buffer, 0, count);
                    }
                }
            }
            byte[] hash = Arrays.copyOf(digest.digest(), HASH_BYTES);
            return Base64.getUrlEncoder().encodeToString(hash);
        } catch (IOException | NoSuchAlgorithmException e) {
            return null;
        }
    }

    /** The file that changed last of those that a test has read, and how many there are; null for none. */
    static @Nullable String newest(List<String> log, String directory) {
        String current = directory;
        String newest = null;
        long time = 0;
        int files = 0;
        for (String line : log) {
            int blank = line.indexOf(' ');
            String name = line.substring(blank + 1);
            if (line.startsWith("chdir ")) {
                current = name;
            } else if (line.startsWith("open ") || line.startsWith("stat ")) {
                File file = new File(name).isAbsolute() ? new File(name) : new File(current, name);
                if (file.isFile()) {
                    files++;
                    if (file.lastModified() > time) {
                        time = file.lastModified();
                        newest = name;
                    }
                }
            }
        }
        return newest == null ? null : "of " + files + " files the one changed last is " + newest;
    }
}
