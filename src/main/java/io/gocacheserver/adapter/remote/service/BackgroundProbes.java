package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks behind whether the service has what Gets did not wait for, few at a time: what is asked while those are under way
 * is not asked. A service that does not answer such a HEAD as expected is asked no more.
 */
final class BackgroundProbes {

    private final ServiceAccess service;
    private final MissPolicy policy;
    private final Executor executor;
    private final int most;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger requests;
    private volatile boolean ended;

    /**
     * @param most how many at once
     * @param requests counts those made
     */
    BackgroundProbes(
            ServiceAccess service,
            MissPolicy policy,
            Executor executor,
            int most,
            AtomicInteger requests) {
        this.service = service;
        this.policy = policy;
        this.executor = executor;
        this.most = most;
        this.requests = requests;
    }

    /** Returns at once. */
    void ask(ActionId action) {
        if (ended) {
            return;
        }
        if (running.incrementAndGet() > most) {
            running.decrementAndGet();
            return;
        }
        try {
            executor.execute(() -> run(action));
        } catch (RejectedExecutionException e) {
            running.decrementAndGet();
        }
    }

    private void run(ActionId action) {
        long start = System.nanoTime();
        requests.incrementAndGet();
        HttpRequest request = HttpRequest.head(WirePaths.action(action), service.getHeaders());
        try (HttpResponse response = service.client.send(request)) {
            String output = response.header(WireHeaders.OUTPUT_ID);
            if (response.status() == Status.OK && output != null) {
                policy.foundBehind(System.nanoTime() - start);
                service.known.add(new OutputId(output));
            } else {
                ended |= response.status() != Status.NOT_FOUND;
            }
        } catch (IOException | RuntimeException e) {
            ended = true;
        } finally {
            running.decrementAndGet();
        }
    }
}
