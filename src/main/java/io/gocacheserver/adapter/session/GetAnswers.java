package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.session.UsedRecord.Outcome;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Answers a session's gets, from any thread, and counts, notes and traces each outcome. */
record GetAnswers(
        ResponseWriter responses,
        Tally tally,
        UsedRecord used,
        Reporter reporter,
        @Nullable ToolLink toolLink) {

    void localHit(Request.Get get, CachedObject local, long begin) throws IOException {
        tally.add(Count.LOCAL_HITS);
        trace("get", get.action(), "local hit", begin);
        used.came(get.action(), Outcome.LOCAL);
        hit(get, local);
    }

    /** The local disk has it, since it was fetched before it was asked for. */
    void arrived(Request.Get get, CachedObject object, long begin) throws IOException {
        tally.add(Count.PREFETCHED_USED);
        serviceHit(get, object, "hit of the service, fetched ahead", begin);
    }

    private void serviceHit(Request.Get get, CachedObject object, String text, long begin)
            throws IOException {
        tally.add(Count.SERVICE_HITS);
        trace("get", get.action(), text, begin);
        used.came(get.action(), Outcome.HIT);
        hit(get, object);
    }

    /** The outcome of asking the service. */
    void answer(Request.Get get, FetchResult result, long begin) throws IOException {
        if (result instanceof FetchResult.NotAsked) {
            unanswered(get, "miss, service not asked", begin);
        } else if (result instanceof FetchResult.Arrived(CachedObject object)) {
            arrived(get, object, begin);
        } else if (result instanceof FetchResult.Hit(CachedObject object, long transferred)) {
            tally.add(Count.BYTES_FETCHED, object.size());
            tally.add(Count.BYTES_TRANSFERRED, transferred);
            serviceHit(get, object, "hit of the service", begin);
        } else if (result instanceof FetchResult.ServiceFailed(String reason)) {
            tally.serviceFailed(reason);
            unanswered(get, "miss, service failed: " + reason, begin);
        } else if (result instanceof FetchResult.DiskFailed(String reason)) {
            tally.diskFailed(reason);
            miss(get, Outcome.UNANSWERED, "miss, local disk failed: " + reason, begin);
        } else {
            boolean known = result instanceof FetchResult.KnownMiss;
            miss(get, Outcome.MISS, known ? "miss, as the service has said before" : "miss", begin);
        }
    }

    private void hit(Request.Get get, CachedObject object) throws IOException {
        if (toolLink != null) {
            toolLink.saw(object);
        }
        responses.hit(get.id(), object.output(), object.size(), object.unixNanos(), object.path());
    }

    /** A miss for which the service failed or was not asked. */
    void unanswered(Request.Get get, String outcome, long begin) throws IOException {
        tally.add(Count.UNANSWERED);
        miss(get, Outcome.UNANSWERED, outcome, begin);
    }

    private void miss(Request.Get get, Outcome outcome, String text, long begin)
            throws IOException {
        tally.add(Count.MISSES);
        used.came(get.action(), outcome);
        tally.executionBegins(get.action());
        trace("get", get.action(), text, begin);
        responses.miss(get.id());
    }

    void trace(String what, Object id, String outcome, long begin) {
        if (reporter.verbose()) {
            long micros = (System.nanoTime() - begin) / 1_000;
            reporter.say(what + ' ' + id + ": " + outcome + " (" + micros + " µs)");
        }
    }
}
