package io.gocacheserver.module;

import io.gocacheserver.module.Download.DiskException;
import io.gocacheserver.module.UpstreamClient.Answer;
import io.gocacheserver.module.UpstreamList.Proxy;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Asks a source's upstreams one after the other, as GOPROXY says when the next is asked. One that has failed {@value #FAILURES} times
 * in a row is left alone for a moment, so that requests for what the cache has an older answer to do not wait for it.
 */
final class Upstreams {

    static final int FAILURES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** After that a failure says nothing of now. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final UpstreamClient client;
    private final ModuleMetrics metrics;
    private final LongSupplier nanoTime;
    private final List<URI> urls;
    private final Map<URI, State> states = new ConcurrentHashMap<>();

    sealed interface Result permits Answer, Forbidden {}

    /** The list ended in {@code off}. */
    record Forbidden() implements Result {}

    /**
     * An upstream's latest answers.
     *
     * @param failures how many in a row, of whatever kind
     * @param outages how many in a row that are likely to be so for other files, too
     */
    private record State(int failures, int outages, long askedAt, @Nullable String why) {}

    Upstreams(
            UpstreamClient client,
            List<Source> sources,
            ModuleMetrics metrics,
            LongSupplier nanoTime) {
        this.client = client;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.urls =
                sources.stream()
                        .flatMap(source -> source.upstreams().proxies().stream())
                        .map(Proxy::base)
                        .distinct()
                        .sorted()
                        .toList();
    }

    List<ModuleReport.Upstream> report() {
        long now = nanoTime.getAsLong();
        return urls.stream().map(url -> report(url, states.get(url), now)).toList();
    }

    private static ModuleReport.Upstream report(URI url, @Nullable State state, long now) {
        if (state == null || (state.failures > 0 && now - state.askedAt >= FORGOTTEN.toNanos())) {
            return new ModuleReport.Upstream(url.toString(), "unknown", 0, null);
        }
        String word = state.failures == 0 ? "up" : state.failures < FAILURES ? "failed" : "down";
        return new ModuleReport.Upstream(url.toString(), word, state.failures, state.why);
    }

    /** Fetches a file. Throws {@link DiskException} if the download cannot be written. */
    Result fetch(Source source, ModuleFile file, Download download) throws DiskException {
        Result last = new Answer.Absent(404, "");
        for (Proxy proxy : source.upstreams().proxies()) {
            Answer answer = ask(source, proxy, file, download);
            if (answer instanceof Answer.Fetched
                    || (answer instanceof Answer.Failed && !proxy.afterAnyFailure())) {
                return answer;
            }
            last = answer instanceof Answer.Absent && last instanceof Answer.Failed ? last : answer;
        }
        return source.upstreams().endsInOff() && last instanceof Answer.Absent
                ? new Forbidden()
                : last;
    }

    private Answer ask(Source source, Proxy proxy, ModuleFile file, Download download)
            throws DiskException {
        String host = proxy.base().getHost();
        State state = states.get(proxy.base());
        long start = nanoTime.getAsLong();
        if (state != null && state.outages >= FAILURES && start - state.askedAt < PAUSE.toNanos()) {
            return new Answer.Failed("%s: %s".formatted(host, state.why), true);
        }
        Answer answer = client.fetch(source, proxy, file, download);
        long now = nanoTime.getAsLong();
        metrics.asked(host, answer, now - start, download.size());
        if (answer instanceof Answer.Failed(String why, boolean isOutage)) {
            states.merge(
                    proxy.base(),
                    new State(1, isOutage ? 1 : 0, now, why),
                    (old, one) ->
                            new State(old.failures + 1, isOutage ? old.outages + 1 : 0, now, why));
            return new Answer.Failed("%s: %s".formatted(host, why), isOutage);
        }
        states.put(proxy.base(), new State(0, 0, now, null));
        return answer;
    }
}
