package io.gocacheserver.module;

import io.gocacheserver.module.Download.DiskException;
import io.gocacheserver.module.UpstreamClient.Answer;
import io.gocacheserver.module.UpstreamList.Element;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    private final Map<URI, State> states = new ConcurrentHashMap<>();

    /** What came of a list of upstreams. */
    sealed interface Result permits Answer, Forbidden {}

    /** The list ended in {@code off}. */
    record Forbidden() implements Result {}

    /** An upstream's latest answers. */
    private static final class State {
        private boolean asked;
        private int failures;
        private int outages;
        private long askedAt;
        private @Nullable String why;

        synchronized @Nullable String paused(long now) {
            return outages >= FAILURES && now - askedAt < PAUSE.toNanos() ? why : null;
        }

        synchronized void note(@Nullable String failure, boolean isOutage, long now) {
            asked = true;
            failures = failure == null ? 0 : failures + 1;
            outages = isOutage ? outages + 1 : 0;
            why = failure;
            askedAt = now;
        }

        synchronized ModuleReport.Upstream report(String url, long now) {
            if (!asked || (failures > 0 && now - askedAt >= FORGOTTEN.toNanos())) {
                return new ModuleReport.Upstream(url, "unknown", 0, null);
            }
            String state = failures == 0 ? "up" : failures < FAILURES ? "failed" : "down";
            return new ModuleReport.Upstream(url, state, failures, why);
        }
    }

    Upstreams(
            UpstreamClient client,
            List<Source> sources,
            ModuleMetrics metrics,
            LongSupplier nanoTime) {
        this.client = client;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        for (Source source : sources) {
            for (Element element : source.upstreams().elements()) {
                if (element instanceof Element.Proxy(URI base, boolean _)) {
                    states.put(base, new State());
                }
            }
        }
    }

    /** Each upstream, by its URL. */
    List<ModuleReport.Upstream> report() {
        long now = nanoTime.getAsLong();
        return states.entrySet().stream()
                .map(each -> each.getValue().report(each.getKey().toString(), now))
                .sorted(Comparator.comparing(ModuleReport.Upstream::url))
                .toList();
    }

    /** What became of the latest requests to each upstream, in words. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (ModuleReport.Upstream each : report()) {
            texts.put(
                    each.url(),
                    switch (each.state()) {
                        case "up" -> "answers";
                        case "failed", "down" ->
                                "failed %d times: %s".formatted(each.failures(), each.failure());
                        default -> "not asked lately";
                    });
        }
        return texts;
    }

    /**
     * Fetches a file.
     *
     * @throws DiskException if the download cannot be written
     */
    Result fetch(Source source, ModuleFile file, Download download) throws DiskException {
        Result last = new Answer.Absent(404, "");
        for (Element element : source.upstreams().elements()) {
            if (!(element instanceof Element.Proxy proxy)) {
                return last instanceof Answer.Failed ? last : new Forbidden();
            }
            Answer answer = ask(source, proxy, file, download);
            switch (answer) {
                case Answer.Fetched fetched -> {
                    return fetched;
                }
                case Answer.Absent absent -> last = last instanceof Answer.Failed ? last : absent;
                case Answer.Failed failed -> {
                    last = failed;
                    if (!element.afterAnyFailure()) {
                        return last;
                    }
                }
            }
        }
        return last;
    }

    private Answer ask(Source source, Element.Proxy proxy, ModuleFile file, Download download)
            throws DiskException {
        State state = states.computeIfAbsent(proxy.base(), base -> new State());
        String paused = state.paused(nanoTime.getAsLong());
        String host = proxy.base().getHost();
        if (paused != null) {
            return new Answer.Failed("%s: %s".formatted(host, paused), true);
        }
        long start = nanoTime.getAsLong();
        Answer answer = client.fetch(source, proxy, file, download);
        long now = nanoTime.getAsLong();
        metrics.asked(host, answer, now - start, download.size());
        if (answer instanceof Answer.Failed(String why, boolean isOutage)) {
            state.note(why, isOutage, now);
            return new Answer.Failed("%s: %s".formatted(host, why), isOutage);
        }
        state.note(null, false, now);
        return answer;
    }
}
