package io.gocacheserver.adapter.system;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run for its answer, and has ended.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it printed on stderr
 */
public record ChildProcess(int exit, String out, String err) {

    /**
     * Runs a program without input. What it prints goes to files, so that one that hangs, or leaves children behind, cannot hang us.
     *
     * @throws IOException if it cannot be run, or does not end in time
     */
    public static ChildProcess run(ProcessBuilder program, Charset charset, Duration limit)
            throws IOException {
        Path out = Files.createTempFile("go-cache-adapter-", ".out");
        Path err = Files.createTempFile("go-cache-adapter-", ".err");
        try {
            program.redirectOutput(out.toFile()).redirectError(err.toFile());
            Process process = program.start();
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(program.command().getFirst() + " took too long");
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
