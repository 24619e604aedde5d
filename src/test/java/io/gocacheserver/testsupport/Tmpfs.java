package io.gocacheserver.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A small volume of its own, in memory, which a test can fill up and make read-only. */
public final class Tmpfs implements AutoCloseable {

    private final Path directory;
    private final FileStore store;
    private final List<Path> overlays = new ArrayList<>();

    private Tmpfs(Path directory) throws IOException {
        this.directory = directory;
        this.store = Files.getFileStore(directory);
    }

    /**
     * Mounts one, or skips (in continuous integration: fails) the running test where that is not allowed.
     *
     * @param mib its size
     */
    public static Tmpfs mount(Path directory, int mib) throws IOException {
        Files.createDirectories(directory);
        String problem =
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + mib + "m",
                        "tmpfs",
                        directory.toString());
        Requirements.need(
                problem.isEmpty(),
                "no tmpfs can be mounted",
                "run the tests on Linux; in a container, with CAP_SYS_ADMIN");
        return new Tmpfs(directory);
    }

    public Path directory() {
        return directory;
    }

    /** Bytes that are allocated on it now, in whole blocks; also those of files that are deleted and still open. */
    public long used() throws IOException {
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }

    /** Makes a file grow until nothing is left. */
    public void fill(Path file) throws IOException {
        byte[] block = new byte[64 * 1024];
        for (int size = block.length; size > 0; size /= 16) {
            append(file, block, size);
        }
    }

    /**
     * Makes a directory on it read-only for everything that is opened from now on; what a process has open for writing
     * stays so, since Linux refuses to make a volume read-only that is being written.
     */
    public void makeReadOnly(Path path) throws IOException {
        must("mount", "--bind", path.toString(), path.toString());
        overlays.add(path);
        must("mount", "-o", "remount,bind,ro", path.toString());
    }

    /** Undoes {@link #makeReadOnly}. */
    public void makeWritable(Path path) throws IOException {
        must("umount", "--lazy", path.toString());
        overlays.remove(path);
    }

    @Override
    public void close() throws IOException {
        for (Path overlay : List.copyOf(overlays)) {
            makeWritable(overlay);
        }
        must("umount", "--lazy", directory.toString());
    }

    private static void append(Path file, byte[] block, int size) {
        try (OutputStream out =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException full) {
            // no space left
        }
    }

    private static void must(String... command) throws IOException {
        String problem = run(command);
        if (!problem.isEmpty()) {
            throw new IOException(String.join(" ", command) + ": " + problem);
        }
    }

    /** What the command says if it fails, else nothing. */
    private static String run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            return status == 0 ? "" : "status " + status + ", " + output.strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
