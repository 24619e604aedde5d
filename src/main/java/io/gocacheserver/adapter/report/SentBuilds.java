package io.gocacheserver.adapter.report;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What a machine remembers of its builds' reports, in {@code <cache-dir>/go-cache-adapter}: in {@code unsent-reports} those that
 * the service did not take, a line each of the Unix time in milliseconds when the build ended, a blank, and the report; in
 * {@code last-build} the number of the last that it took. A directory that cannot be written remembers nothing.
 */
public final class SentBuilds {

    private static final int MOST = 50;
    private static final int MAX_BYTES = 2 << 20;

    private final Path unsent;
    private final Path last;
    private final InstantSource clock;

    /** @param cacheDir the local cache directory */
    public SentBuilds(String cacheDir, InstantSource clock) {
        Path directory = Path.of(cacheDir, "go-cache-adapter");
        this.unsent = directory.resolve("unsent-reports");
        this.last = directory.resolve("last-build");
        this.clock = clock;
    }

    /** The service did not take this. */
    public void keep(byte[] report) {
        String line = clock.millis() + " " + new String(report, StandardCharsets.UTF_8) + '\n';
        try {
            FailureLog.append(unsent.toString(), line);
            if (Files.size(unsent) > MAX_BYTES) {
                Files.delete(unsent);
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Takes the last of those that were kept, with their age in them. */
    public List<byte[]> take() {
        List<byte[]> reports = new ArrayList<>();
        try {
            if (Files.exists(unsent)) {
                Path own = Files.createTempFile(unsent.getParent(), ".unsent", "");
                Files.move(unsent, own, StandardCopyOption.ATOMIC_MOVE);
                List<String> lines = Files.readAllLines(own);
                Files.delete(own);
                for (String line : lines.subList(Math.max(0, lines.size() - MOST), lines.size())) {
                    String[] parts = line.split(" ", 2);
                    if (line.endsWith("}") && parts.length == 2) { // was written to its end
                        long age = Math.max(0, clock.millis() - Long.parseLong(parts[0]));
                        String report = parts[1].substring(0, parts[1].length() - 1);
                        reports.add(
                                (report + ",\"ageMillis\":" + age + '}')
                                        .getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            return reports;
        }
        return reports;
    }

    /** The service took a build. */
    public void took(long id) {
        try {
            Files.createDirectories(last.getParent());
            Files.writeString(last, Long.toString(id));
        } catch (IOException e) {
            return;
        }
    }

    /** The number of the last build that the service took; null if none is known. */
    public @Nullable Long last() {
        try {
            return Long.valueOf(Files.readString(last));
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
