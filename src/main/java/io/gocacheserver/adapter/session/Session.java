package io.gocacheserver.adapter.session;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.protocol.Base64Body;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.RemoteCache.Prefetched;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * One {@code go} command's conversation with its cache, from greeting to close. It depends on nothing of the process it
 * runs in, so that one process can host many.
 *
 * <p>The thread that reads requests also answers what the local disk has, since that takes some 30 µs, and stores the
 * bodies of puts, since they must come off the stream anyway. Requests to the service go to an executor, so a slow
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
    private final Settings settings;
    private final Reporter reporter;
    private final long started = System.nanoTime();
    private final Tally tally = new Tally();
    private final InFlight inFlight = new InFlight();
    private final UsedRecord used = new UsedRecord();
    private final GetAnswers answers;
    private long uploadsFailedBefore;
    private byte @Nullable [] buffer;
    private @Nullable SessionReport ended;

    /**
     * The settings of a session.
     *
     * @param service the service's URL, for messages
     * @param uploadQueue how many uploads may wait
     * @param drainTimeout how long the end waits for uploads
     * @param greeted whether the launcher has sent the protocol's first line already
     * @param drainLater whether the session ends with uploads under way, for which {@link #drain} then waits
     * @param terminal whether the user watches, and is told what the end waits for
     */
    public record Settings(
            String service,
            int uploadQueue,
            Duration drainTimeout,
            boolean greeted,
            boolean drainLater,
            boolean terminal) {}

    /** Counts Gets that other threads still work on, and the time during which there are any. */
    private static final class InFlight {

        private int count;
        private long since;
        private long busyNanos;

        synchronized void begin() {
            if (count++ == 0) {
                since = System.nanoTime();
            }
        }

        synchronized void end() {
            if (--count == 0) {
                busyNanos += System.nanoTime() - since;
                notifyAll();
            }
        }

        /** Waits until there are none, each of which ends by itself; how long there was at least one. */
        synchronized long await() {
            try {
                while (count > 0) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return busyNanos;
        }
    }

    /** {@code fetches} runs Gets that the local disk does not answer. */
    public Session(
            RequestReader requests,
            ResponseWriter responses,
            NativeCache disk,
            RemoteCache remote,
            @Nullable ToolLink toolLink,
            Executor fetches,
            Executor uploads,
            Settings settings,
            Reporter reporter) {
        this.requests = requests;
        this.responses = responses;
        this.disk = disk;
        this.remote = remote;
        this.toolLink = toolLink;
        this.fetches = fetches;
        this.uploader = new Uploader(remote, uploads, settings.uploadQueue(), tally);
        this.settings = settings;
        this.reporter = reporter;
        this.answers = new GetAnswers(responses, tally, used, reporter, toolLink);
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
            // The Go command is gone. Its objects are still worth uploading.
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
     * Waits for uploads that the end of the session did not wait for, and cancels those left; the number of those.
     *
     * <p>An interrupt ends the wait.
     */
    public int drain(Duration timeout) {
        noteUse();
        int undone = uploader.drain(timeout);
        long failed = tally.get(Count.UPLOADS_FAILED) - uploadsFailedBefore;
        if (failed > 0) {
            reporter.remember(
                    "service %s: objects not taken after the build: %d (last: %s)"
                            .formatted(settings.service(), failed, tally.lastServiceFailure()));
        }
        return undone;
    }

    private void noteUse() {
        if (!remote.wantsNote() || remote.isGivenUp()) {
            return;
        }
        List<UsedActions.Use> uses = used.results();
        if (!uses.isEmpty()) {
            uploader.run(() -> sendMissing(remote.note(uses, used.isOnlyLocal())));
        }
    }

    private void sendMissing(List<ActionId> missing) {
        for (ActionId action : missing) {
            CachedObject object = disk.getToSend(action);
            if (object != null) {
                uploader.submit(Upload.of(action, object));
            }
        }
    }

    /** The actions that the Go command asked for and put. */
    public UsedRecord used() {
        return used;
    }

    public Tally tally() {
        return tally;
    }

    /** The statistics, uploads since the end included, of which {@code undone} were left; null if the session has not ended. */
    public @Nullable SessionReport report(int undone) {
        SessionReport end = ended;
        return end == null
                ? null
                : tally.report(
                        end.ending(),
                        end.durationNanos(),
                        end.waitNanos(),
                        end.drainNanos(),
                        end.get(Count.UPLOADS_UNDONE) + undone,
                        end.profileKey());
    }

    /** Serves requests up to a close; null if stdin ends without one. */
    private Request.@Nullable Close serve() throws IOException {
        for (Request request = requests.next(); request != null; request = requests.next()) {
            // A switch over types costs a young JVM several milliseconds, here and elsewhere.
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
        long waited = inFlight.await();
        remote.end();
        Prefetched ahead = remote.prefetched();
        tally.add(Count.BYTES_FETCHED, ahead.bytes());
        tally.add(Count.BYTES_TRANSFERRED, ahead.transferred());
        tally.add(Count.PREFETCHED, ahead.objects());
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
        uploadsFailedBefore = tally.get(Count.UPLOADS_FAILED);
        new Summary(tally, settings.service(), disk.directory())
                .write(reporter, undone, remote.isAbandoned(), remote.remark());
        tally.add(Count.ROUND_TRIPS, remote.roundTrips());
        long duration = System.nanoTime() - started;
        SessionReport report =
                tally.report(ending, duration, waited, drained, undone, ahead.profileKey());
        ended = report;
        reporter.ended(report);
    }

    private void tellRemaining(int objects, long bytes) {
        reporter.mention(
                "sending what this build made: %d object%s, %d KiB left"
                        .formatted(objects, objects == 1 ? "" : "s", bytes >> 10));
    }

    private void get(Request.Get get) throws IOException {
        long begin = reporter.verbose() ? System.nanoTime() : 0;
        CachedObject local = disk.get(get.action());
        if (local != null) {
            if (remote.isFetchedAhead(get.action())) {
                answers.arrived(get, local, begin);
            } else {
                answers.localHit(get, local, begin);
            }
            return;
        }
        used.asked(get.action());
        inFlight.begin();
        try {
            fetches.execute(() -> fetch(get, begin));
        } catch (RejectedExecutionException e) {
            inFlight.end();
            answers.unanswered(get, "miss, too many at once", begin);
        }
    }

    private void fetch(Request.Get get, long begin) {
        try {
            FetchResult result = askService(get);
            CachedObject linked = linked(get, result);
            if (linked == null) {
                answers.answer(get, result, begin);
            } else {
                answers.localHit(get, linked, begin);
            }
        } catch (IOException e) {
            trace("the Go command did not wait for an answer: " + e.getMessage());
        } finally {
            inFlight.end();
        }
    }

    /** The executable that was linked since no cache has it, or null. */
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

    private void put(Request.Put put) throws IOException {
        long begin = reporter.verbose() ? System.nanoTime() : 0;
        tally.put(put.action());
        Base64Body body = put.size() == 0 ? null : requests.body();
        CachedObject stored;
        try {
            stored = store(put, body);
        } catch (EOFException e) {
            throw e;
        } catch (IOException e) {
            if (body != null) {
                body.skip();
            }
            answers.trace("put", put.action(), "failed: " + e.getMessage(), begin);
            if (e instanceof LocalDiskException) {
                // Some builds fail on an error here that need nothing but an answer, and hardly any
                // opens the file.
                tally.diskFailed(String.valueOf(e.getMessage()));
                responses.stored(put.id(), disk.objectFile(put.output()));
            } else {
                responses.error(put.id(), String.valueOf(e.getMessage()));
            }
            return;
        }
        if (toolLink != null) {
            toolLink.saw(stored);
        }
        answers.trace("put", put.action(), "stored", begin);
        responses.stored(put.id(), stored.path());
        used.put(put.action());
        uploader.submit(new Upload(put.action(), put.output(), put.size(), stored.path()));
    }

    private CachedObject store(Request.Put put, @Nullable Base64Body body) throws IOException {
        Instant now = Instant.now();
        long unixNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        try (StagedObject staged = disk.stage(put.output(), put.size())) {
            if (body != null) {
                byte[] chunk = buffer == null ? new byte[BUFFER_BYTES] : buffer;
                buffer = chunk;
                for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                    staged.write(chunk, 0, count);
                }
            }
            return disk.commit(staged, put.action(), unixNanos);
        }
    }

    private void refuse(Request.Invalid invalid) throws IOException {
        if (invalid.hasBody()) {
            requests.body().skip();
        }
        trace("refused: " + invalid.reason());
        responses.error(invalid.id(), invalid.reason());
    }

    private void trace(String message) {
        if (reporter.verbose()) {
            reporter.say(message);
        }
    }
}
