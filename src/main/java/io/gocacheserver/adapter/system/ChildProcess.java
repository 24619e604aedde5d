package io.gocacheserver.adapter.system;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that was run for its answer, and has ended. */
public record ChildProcess(int exit, String out, String err) {

    private static final long MOST_BYTES = 64L << 20;

    /** The file of a program on {@code PATH}, or null. */
    public static @Nullable File find(String program, Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        for (String directory : path.split(File.pathSeparator)) {
            File file = new File(directory, program);
            if (file.isAbsolute() && file.canExecute()) {
                return file;
            }
        }
        return null;
    }

    /**
     * Runs a program without input. What it prints goes to files, so that one that hangs, or leaves children behind, cannot hang us.
     * Fails if it cannot be run, does not end in time, or prints too much.
     */
    public static ChildProcess run(ProcessBuilder program, Charset charset, Duration limit)
            throws IOException {
        Path out = Files.createTempFile("go-cache-adapter-", ".out");
        Path err = Files.createTempFile("go-cache-adapter-", ".err");
        try {
            Process process =
                    program.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(program.command().getFirst() + " took too long");
                }
            } finally {
                if (process.isAlive()) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            }
            if (Files.size(out) + Files.size(err) > MOST_BYTES) {
                throw new IOException(program.command().getFirst() + " printed too much");
            }
            return new ChildProcess(
                    process.exitValue(),
                    Files.readString(out, charset),
                    Files.readString(err, charset));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
