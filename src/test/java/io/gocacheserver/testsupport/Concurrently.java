package io.gocacheserver.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Runs something many times at once. */
public final class Concurrently {

    private Concurrently() {}

    /** Results in the order of the calls' numbers; the first failure is thrown. */
    public static <T> List<T> run(int count, IntFunction<Callable<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(executor.submit(calls.apply(i)));
            }
            for (Future<T> future : futures) {
                results.add(result(future));
            }
        }
        return results;
    }

    /** What a task started elsewhere returns; its own exception if it throws one. */
    public static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (TimeoutException e) {
            future.cancel(true);
            throw e;
        }
    }
}
