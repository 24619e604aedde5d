package io.gocacheserver.adapter;

import io.gocacheserver.adapter.checkout.StableTimes;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The command {@code stable-times}, which {@code ci start} runs too. */
final class StableTimesCommand {

    private StableTimesCommand() {}

    /** Sets the times of the checkout that a directory lies in, and says what came of it; whether all went well. */
    static boolean run(String directory, PrintStream err) {
        long start = System.nanoTime();
        StableTimes times = new StableTimes(InstantSource.system());
        try {
            int count = times.set(Path.of(directory));
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            say(err, count + " files and folders, in " + millis + " ms");
            if (times.problem() != null) {
                say(err, times.problem());
            }
            return times.problem() == null;
        } catch (IOException e) {
            say(err, "not set: " + e.getMessage());
            return false;
        }
    }

    private static void say(PrintStream err, String message) {
        err.println("go-cache-adapter: stable times: " + message);
    }
}
