package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.protocol.Base64Body;
import io.gocacheserver.adapter.protocol.EndOfInputException;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Prefetched;
import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One {@code go} command's conversation with its cache, from greeting to close. It depends on nothing of the process it
 * runs in, so that one process can host many.
 *
 * <p>The thread that reads requests also answers what the local disk has, since that takes some 30 µs, and stores the
 * bodies of puts, since they must come off the stream anyway. Whatever needs the service goes to an executor, so a slow
 * get holds up neither the others nor the reading.
 */
public final class Session {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final RequestReader requests;
    private final ResponseWriter responses;
    private final NativeCache disk;
    private final RemoteCache remote;
    private final @Nullable ToolLink toolLink;
    private final Executor fetches;
    private final Uploader uploader;
    private final SessionSettings settings;
    private final Reporter reporter;
    private final InstantSource clock;
    private final @Nullable SessionListener listener;
    private final long started = System.nanoTime();
    private final Tally tally = new Tally();
    private final Executions executions = new Executions(tally);
    private final InFlight inFlight = new InFlight();
    private final @Nullable UsedRecord used;
    private int uploadsFailedBefore;
    private byte @Nullable [] buffer;
    private @Nullable SessionReport ended;

    /**
     * @param fetches runs gets that the local disk does not answer
     * @param uploads runs uploads
     * @param clock gives puts their time
     */
    public Session(
            InputStream in,
            OutputStream out,
            NativeCache disk,
            RemoteCache remote,
            Executor fetches,
            Executor uploads,
            SessionSettings settings,
            Reporter reporter,
            InstantSource clock) {
        this(
                new RequestReader(in),
                new ResponseWriter(out),
                disk,
                remote,
                null,
                fetches,
                uploads,
                settings,
                reporter,
                clock);
    }

    /**
     * As the other, for a conversation that is logged or was begun by somebody else.
     *
     * @param toolLink links what no cache has
     */
    public Session(
            RequestReader requests,
            ResponseWriter responses,
            NativeCache disk,
            RemoteCache remote,
            @Nullable ToolLink toolLink,
            Executor fetches,
            Executor uploads,
            SessionSettings settings,
            Reporter reporter,
            InstantSource clock) {
        this.requests = requests;
        this.responses = responses;
        this.disk = disk;
        this.remote = remote;
        this.toolLink = toolLink;
        this.fetches = fetches;
        this.uploader = new Uploader(remote, uploads, settings.uploadQueue(), tally);
        this.used = remote.wantsNote() ? new UsedRecord() : null;
        this.settings = settings;
        this.reporter = reporter;
        this.listener = reporter.listener();
        this.clock = clock;
    }

    /**
     * Greets unless that is done, answers until close or until the Go command is gone, drains the uploads, and reports.
     *
     * @throws ProtocolException if what comes in is not the protocol
     */
    public void run() throws ProtocolException {
        Request.@Nullable Close close = null;
        try {
            if (!settings.greeted()) {
                responses.greet();
            }
            remote.begin();
            close = serve();
        } catch (ProtocolException e) {
            finish(SessionReport.Ending.BROKEN);
            throw e;
        } catch (IOException e) {
            // The Go command is gone. What it has put is still worth uploading.
            trace("the Go command is gone: " + e.getMessage());
        }
        finish(close == null ? SessionReport.Ending.GONE : SessionReport.Ending.CLOSED);
        if (close != null) {
            try {
                responses.closed(close.id());
            } catch (IOException e) {
                trace("the Go command did not wait for the answer to close");
            }
        }
    }

    /**
     * Waits for uploads that the end of the session did not wait for, and cancels those left. How many those are.
     *
     * <p>An interrupt ends the wait.
     */
    public int drain(Duration timeout) {
        noteUse();
        int undone = uploader.drain(timeout);
        int failed = tally.uploadsFailed.get() - uploadsFailedBefore;
        if (failed > 0) {
            reporter.remember(
                    "service "
                            + settings.service()
                            + ": objects not taken after the build: "
                            + failed
                            + " (last: "
                            + tally.lastServiceFailure()
                            + ')');
        }
        return undone;
    }

    /** Tells the service behind what the build used, and sends what the service turns out to lack. */
    private void noteUse() {
        if (used == null || remote.isGivenUp()) {
            return;
        }
        UsedRecord record = used;
        List<UsedActions.Use> uses = record.uses();
        if (!uses.isEmpty()) {
            uploader.run(() -> sendMissing(remote.note(uses, record.isOnlyLocal())));
        }
    }

    private void sendMissing(List<ActionId> missing) {
        for (ActionId action : missing) {
            CachedObject object = disk.getToSend(action);
            if (object != null) {
                uploader.submit(new Upload(action, object.output(), object.size(), object.path()));
            }
        }
    }

    /** What was done so far. */
    public Tally tally() {
        return tally;
    }

    /**
     * What it did, uploads since its end included; null if it has not ended.
     *
     * @param undone uploads that were left when {@link #drain} ended
     */
    public @Nullable SessionReport report(int undone) {
        SessionReport end = ended;
        return end == null
                ? null
                : tally.report(
                        end.ending(),
                        end.durationNanos(),
                        end.waitNanos(),
                        end.drainNanos(),
                        end.uploadsUndone() + undone,
                        end.profileKey());
    }

    /** Serves requests up to a close; null if stdin ends without one. */
    private Request.@Nullable Close serve() throws IOException {
        for (Request request = requests.next(); request != null; request = requests.next()) {
            if (request instanceof Request.Get get) {
                get(get);
            } else if (request instanceof Request.Put put) {
                put(put);
            } else if (request instanceof Request.Invalid invalid) {
                refuse(invalid);
            } else if (request instanceof Request.Close close) {
                return close;
            }
        }
        return null;
    }

    private void finish(SessionReport.Ending ending) {
        inFlight.await();
        remote.end();
        Prefetched ahead = remote.prefetched();
        tally.bytesFetched.addAndGet(ahead.bytes());
        tally.bytesTransferred.addAndGet(ahead.transferred());
        tally.prefetched.addAndGet(ahead.objects());
        if (!settings.drainLater()) {
            noteUse();
        }
        long draining = System.nanoTime();
        int undone =
                settings.drainLater()
                        ? 0
                        : uploader.drain(
                                remote.isGivenUp() ? Duration.ZERO : settings.drainTimeout(),
                                settings.terminal() ? this::tellRemaining : null);
        long drained = settings.drainLater() ? 0 : System.nanoTime() - draining;
        if (disk.problems() > 0) {
            tally.diskFailed(disk.problems(), disk.lastProblem());
        }
        uploadsFailedBefore = tally.uploadsFailed.get();
        new Summary(tally, settings.service(), disk.directory())
                .write(reporter, undone, remote.isAbandoned(), remote.remark());
        tally.roundTrips.addAndGet(remote.roundTrips());
        long duration = System.nanoTime() - started;
        SessionReport report =
                tally.report(
                        ending,
                        duration,
                        inFlight.busyNanos(),
                        drained,
                        undone,
                        ahead.profileKey());
        ended = report;
        if (listener != null) {
            listener.ended(report);
        }
    }

    private void tellRemaining(int objects, long bytes) {
        reporter.mention(
                "sending what this build made: "
                        + objects
                        + (objects == 1 ? " object, " : " objects, ")
                        + (bytes >> 10)
                        + " KiB left");
    }

    private void get(Request.Get get) throws IOException {
        long begin = reporter.verbose() ? System.nanoTime() : 0;
        CachedObject local = disk.get(get.action());
        if (local != null) {
            localHit(get, local, begin);
            return;
        }
        if (used != null) {
            used.asked(get.action());
        }
        inFlight.begin();
        try {
            fetches.execute(() -> fetch(get, begin));
        } catch (RejectedExecutionException e) {
            inFlight.end();
            unanswered(get, "miss, too many at once", begin);
        }
    }

    private void localHit(Request.Get get, CachedObject local, long begin) throws IOException {
        if (remote.isFetchedAhead(get.action())) {
            arrived(get, local, begin);
            return;
        }
        tally.localHits.incrementAndGet();
        trace("get", get.action(), "local hit", begin);
        if (used != null) {
            used.local(get.action());
        }
        hit(get, local, SessionListener.Outcome.LOCAL_HIT);
    }

    private void arrived(Request.Get get, CachedObject object, long begin) throws IOException {
        tally.remoteHits.incrementAndGet();
        tally.prefetchedUsed.incrementAndGet();
        trace("get", get.action(), "hit of the service, fetched ahead", begin);
        serviceHit(get, object);
    }

    private void serviceHit(Request.Get get, CachedObject object) throws IOException {
        if (used != null) {
            used.hit(get.action());
        }
        hit(get, object, SessionListener.Outcome.SERVICE_HIT);
    }

    private void fetch(Request.Get get, long begin) {
        try {
            FetchResult result = askService(get);
            CachedObject linked = linked(get, result);
            if (linked == null) {
                answer(get, result, begin);
            } else {
                localHit(get, linked, begin);
            }
        } catch (IOException e) {
            trace("the Go command did not wait for an answer: " + e.getMessage());
        } finally {
            inFlight.end();
        }
    }

    /** What has been linked since no cache has it, or null. */
    private @Nullable CachedObject linked(Request.Get get, FetchResult result) {
        boolean isHit = result instanceof FetchResult.Hit || result instanceof FetchResult.Arrived;
        return !isHit && toolLink != null && toolLink.link() ? disk.get(get.action()) : null;
    }

    /** A get without an answer would hang the build, so even a defect of ours must end in a miss. */
    private FetchResult askService(Request.Get get) {
        try {
            return remote.fetch(get.action());
        } catch (RuntimeException | OutOfMemoryError e) {
            return new FetchResult.ServiceFailed("defect in the adapter: " + e);
        }
    }

    private void answer(Request.Get get, FetchResult result, long begin) throws IOException {
        if (result instanceof FetchResult.NotAsked) {
            unanswered(get, "miss, service not asked", begin);
            return;
        }
        if (result instanceof FetchResult.Arrived(CachedObject object)) {
            arrived(get, object, begin);
        } else if (result instanceof FetchResult.Hit(CachedObject object, long transferred)) {
            tally.remoteHits.incrementAndGet();
            tally.bytesFetched.addAndGet(object.size());
            tally.bytesTransferred.addAndGet(transferred);
            trace("get", get.action(), "hit of the service", begin);
            serviceHit(get, object);
        } else if (result instanceof FetchResult.ServiceFailed(String reason)) {
            tally.serviceFailed(reason);
            unanswered(get, "miss, service failed: " + reason, begin);
        } else if (result instanceof FetchResult.DiskFailed(String reason)) {
            tally.diskFailed(1, reason);
            miss(get, "miss, local disk failed: " + reason, begin);
        } else if (result instanceof FetchResult.NotWaited) {
            miss(get, "miss, service not waited for", begin);
        } else {
            miss(get, "miss", begin);
        }
    }

    private void hit(Request.Get get, CachedObject object, SessionListener.Outcome outcome)
            throws IOException {
        saw(object);
        responses.hit(get.id(), object.output(), object.size(), object.unixNanos(), object.path());
        if (listener != null) {
            listener.got(get.action(), outcome);
        }
    }

    private void miss(Request.Get get, String outcome, long begin) throws IOException {
        miss(get, outcome, begin, SessionListener.Outcome.MISS);
    }

    private void unanswered(Request.Get get, String outcome, long begin) throws IOException {
        tally.unanswered.incrementAndGet();
        miss(get, outcome, begin, SessionListener.Outcome.UNANSWERED);
    }

    private void miss(Request.Get get, String text, long begin, SessionListener.Outcome outcome)
            throws IOException {
        tally.misses.incrementAndGet();
        executions.begin(get.action());
        trace("get", get.action(), text, begin);
        responses.miss(get.id());
        if (listener != null) {
            listener.got(get.action(), outcome);
        }
    }

    private void put(Request.Put put) throws IOException {
        long begin = reporter.verbose() ? System.nanoTime() : 0;
        tally.puts.incrementAndGet();
        executions.end(put.action());
        if (listener != null) {
            listener.put(put.action());
        }
        Base64Body body = put.size() == 0 ? null : requests.body();
        CachedObject stored;
        try {
            stored = store(put, body);
        } catch (EndOfInputException e) {
            throw e;
        } catch (IOException e) {
            if (body != null) {
                body.skip();
            }
            trace("put", put.action(), "failed: " + e.getMessage(), begin);
            responses.error(put.id(), String.valueOf(e.getMessage()));
            return;
        }
        saw(stored);
        trace("put", put.action(), "stored", begin);
        responses.stored(put.id(), stored.path());
        if (used != null) {
            used.put(put.action());
        }
        remote.made(stored);
        uploader.submit(new Upload(put.action(), put.output(), put.size(), stored.path()));
    }

    private void saw(CachedObject object) {
        if (toolLink != null) {
            toolLink.saw(object);
        }
    }

    private CachedObject store(Request.Put put, @Nullable Base64Body body) throws IOException {
        Instant now = clock.instant();
        long unixNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        try (StagedObject staged = disk.stage(put.output(), put.size())) {
            if (body != null) {
                byte[] chunk = buffer();
                for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                    staged.write(chunk, 0, count);
                }
            }
            return disk.commit(staged, put.action(), unixNanos);
        }
    }

    private byte[] buffer() {
        if (buffer == null) {
            buffer = new byte[BUFFER_BYTES];
        }
        return buffer;
    }

    private void refuse(Request.Invalid invalid) throws IOException {
        if (invalid.hasBody()) {
            requests.body().skip();
        }
        trace("refused: " + invalid.reason());
        responses.error(invalid.id(), invalid.reason());
    }

    private void trace(String what, Object id, String outcome, long begin) {
        if (reporter.verbose()) {
            long micros = (System.nanoTime() - begin) / 1_000;
            reporter.say(what + ' ' + id + ": " + outcome + " (" + micros + " µs)");
        }
    }

    private void trace(String message) {
        if (reporter.verbose()) {
            reporter.say(message);
        }
    }
}
