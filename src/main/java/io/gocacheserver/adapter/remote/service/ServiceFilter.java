package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.KnownFilter;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.FilterAnswer;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one session knows of the actions that the service has, from the service's own filter: asked for once, beside all
 * else. Sessions of one process share the filter; each asks whether it is still true. Before the answer, and without one,
 * nothing is known.
 *
 * <p>An action that is not in the filter is asked for afterwards, few at a time, since another replica may have just
 * uploaded it: the service that is asked has it for the next build. A service that does not answer such a HEAD as expected
 * is asked no more.
 */
final class ServiceFilter {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Requests at once for which no Get waits; what is to be asked while these are under way is not asked. */
    private static final int ASKED_AT_ONCE = 2;

    private final ServiceAccess service;
    private final Gate gate;
    private final Executor executor;
    private final AtomicInteger requests;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Semaphore asking = new Semaphore(ASKED_AT_ONCE);
    private volatile boolean asksBehind = true;
    private volatile FilterAnswer answer = FilterAnswer.INCOMPLETE;

    ServiceFilter(ServiceAccess service, Gate gate, Executor executor, AtomicInteger requests) {
        this.service = service;
        this.gate = gate;
        this.executor = executor;
        this.requests = requests;
    }

    /** Asks for the filter, once. Returns at once. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            run(this::load);
        }
    }

    /** Whether the service certainly does not have the action; which it is then asked, afterwards. */
    boolean lacks(ActionId action) {
        if (!answer.lacks(action)) {
            return false;
        }
        if (asksBehind && gate.isPassable() && asking.tryAcquire()) {
            run(() -> askBehind(action));
        }
        return true;
    }

    private void load() {
        if (service.is(Trait.NO_FILTER) || !gate.isPassable()) {
            return;
        }
        requests.incrementAndGet();
        KnownFilter known = service.filter.get();
        Headers headers = service.common();
        if (known.tag() != null) {
            headers.add("If-None-Match", known.tag());
        }
        HttpRequest request = HttpRequest.get(WirePaths.FILTER, headers);
        try (HttpResponse response = service.client.send(request, LIMIT)) {
            int status = response.status();
            if (WireHeaders.ZSTD.equals(response.header("Accept-Encoding"))) {
                service.learn(Trait.TAKES_ZSTD);
            }
            if (status == Status.OK) {
                known =
                        new KnownFilter(
                                response.header("ETag"),
                                FilterAnswer.decode(response.whole(FilterAnswer.MAX_BYTES)));
                answer = known.answer();
                service.filter.set(known);
            } else if (status == Status.NOT_MODIFIED) {
                answer = known.answer();
            } else if (status == Status.NOT_FOUND
                    || status == Status.FORBIDDEN
                    || status == Status.NOT_ALLOWED
                    || status == Status.BAD_REQUEST) {
                service.learn(Trait.NO_FILTER);
            }
        } catch (IOException | RuntimeException e) {
            return; // every Get asks
        }
    }

    private void askBehind(ActionId action) {
        requests.incrementAndGet();
        HttpRequest request = HttpRequest.head(WirePaths.action(action), service.getHeaders());
        try (HttpResponse response = service.client.send(request)) {
            String output = response.header(WireHeaders.OUTPUT_ID);
            if (response.status() == Status.OK && output != null) {
                service.know(new OutputId(output), true);
            } else {
                asksBehind &= response.status() == Status.NOT_FOUND;
            }
        } catch (IOException | RuntimeException e) {
            asksBehind = false;
        } finally {
            asking.release();
        }
    }

    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            asksBehind = false; // there is too much to do
        }
    }
}
