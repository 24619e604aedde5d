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
 * What a machine remembers of its builds' reports, in {@code <cache-dir>/go-cache-adapter}:
 *
 * <ul>
 *   <li>{@code unsent-reports}: those that the service did not take, a line each of the Unix time in milliseconds when the
 *       build ended, a blank, and the report; sent with the next build's. The last {@value #MOST} are kept.
 *   <li>{@code last-build}: the number of the last that it took.
 * </ul>
 *
 * <p>A directory that cannot be written remembers nothing.
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
            AppendedFile.append(unsent.toString(), line);
            if (Files.size(unsent) > MAX_BYTES) {
                Files.delete(unsent);
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Takes all that were kept, with their age in them. */
    public List<byte[]> take() {
        List<byte[]> reports = new ArrayList<>();
        if (!Files.exists(unsent)) {
            return reports;
        }
        try {
            Path own = Files.createTempFile(unsent.getParent(), ".unsent", "");
            Files.move(unsent, own, StandardCopyOption.ATOMIC_MOVE);
            List<String> lines = Files.readAllLines(own);
            Files.delete(own);
            for (String line : lines.subList(Math.max(0, lines.size() - MOST), lines.size())) {
                byte[] report = aged(line);
                if (report != null) {
                    reports.add(report);
                }
            }
        } catch (IOException e) {
            return reports;
        }
        return reports;
    }

    private byte @Nullable [] aged(String line) {
        int blank = line.indexOf(' ');
        try {
            long age = clock.millis() - Long.parseLong(line.substring(0, Math.max(0, blank)));
            return (line.substring(blank + 1, line.length() - 1)
                            + ",\"ageMillis\":"
                            + Math.max(0, age)
                            + '}')
                    .getBytes(StandardCharsets.UTF_8);
        } catch (NumberFormatException e) {
            return null; // a line that was not written to its end
        }
    }

    /** The service took a build. */
    public void took(long id) {
        try {
            Files.createDirectories(last.getParent());
            Path draft = Files.createTempFile(last.getParent(), ".last-build", "");
            Files.writeString(draft, Long.toString(id));
            Files.move(draft, last, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            return;
        }
    }

    /** The number of the last build that the service took; null if none is known. */
    public @Nullable Long last() {
        try {
            return Long.valueOf(Files.readString(last).strip());
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
