package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.text.Rfc3339;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Failures of builds, for {@code doctor}: builds themselves say them only on a terminal. A line
 * each in {@code <cache-dir>/go-cache-adapter/failures}: its RFC 3339 time, a blank, the failure. The file has no more
 * than {@value #MAX_BYTES} bytes, and the last {@value #KEPT_LINES} lines at least.
 */
public final class FailureLog {

    static final int MAX_BYTES = 65_536;
    static final int KEPT_LINES = 40;

    /** So many of the longest lines are within the bound. */
    private static final int MAX_CHARACTERS = 500;

    private final Path file;
    private final InstantSource clock;

    /** @param cacheDir the local cache directory */
    public FailureLog(String cacheDir, InstantSource clock) {
        this.file = Path.of(cacheDir, "go-cache-adapter", "failures");
        this.clock = clock;
    }

    public Path file() {
        return file;
    }

    /** Adds a line with the time of now; a directory that cannot be written has nothing to remember it in. */
    public void add(String message) {
        String text = message.substring(0, Math.min(message.length(), MAX_CHARACTERS));
        try {
            append(
                    file.toString(),
                    time(clock.millis()) + ' ' + text.replace('\n', ' ') + '\n');
            if (Files.size(file) > MAX_BYTES) {
                shorten();
            }
        } catch (IOException e) {
            return;
        }
    }

    /** The lines that are no older than that, in their order. */
    public List<String> since(Duration age) {
        String first = time(clock.millis() - age.toMillis());
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.compareTo(first) >= 0)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Lines that another process adds meanwhile are lost. */
    private void shorten() throws IOException {
        List<String> lines = Files.readAllLines(file);
        Path draft = Files.createTempFile(file.getParent(), ".failures", "");
        Files.write(draft, lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size()));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String time(long millis) {
        return Rfc3339.format(millis * 1_000_000L);
    }

    /** Appends in one write, which the system does not mix with another's; the directory is made if need be. */
    static void append(String path, String text) throws IOException {
        File parent = new File(path).getAbsoluteFile().getParentFile();
        if (parent != null && !parent.isDirectory() && !parent.mkdirs() && !parent.isDirectory()) {
            throw new IOException("the directory " + parent + " cannot be created");
        }
        try (FileOutputStream out = new FileOutputStream(path, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
