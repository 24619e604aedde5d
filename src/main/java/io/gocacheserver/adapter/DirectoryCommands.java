package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.RemoteCache.Prefetched;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.adapter.remote.service.ServiceCache;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The commands for builds that know no helper: {@code restore} fills the cache directory before them, {@code save} sends
 * what they have added. A service that fails fails neither: the build is as without a cache.
 */
final class DirectoryCommands {

    /** Most bytes that {@code restore} fetches where builds fetch none ahead. */
    private static final long MOST_BYTES = 1_000_000_000;

    private static final String DOCTOR = "; go-cache-adapter doctor says why";

    private final Options options;
    private final String version;
    private final Map<String, String> environment;
    private final PrintStream err;
    private int sent;
    private int failed;
    private long bytes;
    private @Nullable String reason;

    DirectoryCommands(
            Options options, String version, Map<String, String> environment, PrintStream err) {
        this.options = options;
        this.version = version;
        this.environment = environment;
        this.err = err;
    }

    /** Carries out one of them; whether that went well. */
    boolean run(boolean saves) throws IOException {
        String command = saves ? "save: " : "restore: ";
        if (options.mode() == (saves ? Mode.READ_ONLY : Mode.WRITE_ONLY)) {
            String nothing = saves ? "sent in mode read-only" : "fetched in mode write-only";
            return say(true, command + "nothing is " + nothing);
        }
        GoInvocation builds = GoInvocation.ofDirectory(environment);
        if (builds == null) {
            return say(
                    false,
                    command + "no 'go' on PATH answers: which cache entries fit depends on it");
        }
        OneShot.prepare(options.cacheDir());
        String unique = Long.toString(ProcessHandle.current().pid());
        NativeCache disk = new NativeCache(options.cacheDir(), unique, InstantSource.system());
        try (Backend backend = new Backend(options, version)) {
            Options.Prefetch wanted = options.prefetch();
            ServiceCache cache =
                    backend.cacheOver(
                            disk,
                            new GoBuild(builds, environment, wanted.profile()),
                            new Options.Prefetch(
                                    wanted.isWanted() ? wanted.maxBytes() : MOST_BYTES,
                                    wanted.profile()));
            String done = saves ? save(disk, cache) : restore(disk, cache);
            String problem = backend.credentialProblem();
            if (problem != null) {
                say(true, problem);
            }
            return say(true, command + done);
        } catch (LocalDiskException e) {
            return say(false, command + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return say(false, command + "interrupted");
        }
    }

    /** Fetches what the last builds here used. */
    private String restore(NativeCache disk, ServiceCache cache) throws LocalDiskException {
        long start = System.nanoTime();
        disk.removePlainExecutables();
        Prefetched came = cache.restore();
        disk.usedEntries().mark();
        if (came.profileKey() == null) {
            return cache.hasAnswered()
                    ? "the service knows no build of this module, Go version and platform yet"
                    : explained("no answer of a cache service that keeps build profiles");
        }
        return "%d objects came (%s, %s unpacked) in %s, by the profile %s"
                .formatted(
                        came.objects(),
                        ByteSize.format(came.transferred()),
                        ByteSize.format(came.bytes()),
                        seconds(start),
                        came.profileKey());
    }

    /** Notes what was used since the last {@link #restore}, and sends what of it the service lacks. */
    private String save(NativeCache disk, ServiceCache cache) throws InterruptedException {
        long start = System.nanoTime();
        List<ActionId> used = disk.usedEntries().list();
        if (used.isEmpty()) {
            return "no entry of " + options.cacheDir() + " was used";
        }
        List<UsedActions.Use> uses = new ArrayList<>(used.size());
        for (ActionId action : used) {
            uses.add(new UsedActions.Use(action, UsedActions.LOCAL));
        }
        List<ActionId> missing = cache.noteUsed(uses);
        // A service that keeps no profiles does not say what it lacks; each upload finds out.
        send(missing == null ? used : missing, disk, cache);
        String because = reason == null ? "" : ": " + reason;
        return "sent %d of %d used entries (%s) in %s%s"
                .formatted(
                        sent,
                        used.size(),
                        ByteSize.format(bytes),
                        seconds(start),
                        failed == 0 ? "" : "; " + explained(failed + " not sent" + because));
    }

    private void send(List<ActionId> actions, NativeCache disk, ServiceCache cache)
            throws InterruptedException {
        ExecutorService senders = Executors.newFixedThreadPool(Backend.UPLOADS, Thread::new);
        for (ActionId action : actions) {
            senders.execute(() -> send(action, disk, cache));
        }
        senders.shutdown();
        // Each upload has its own timeouts, and those that follow failures are not tried.
        while (!senders.awaitTermination(1, TimeUnit.MINUTES)) {
            synchronized (this) {
                say(true, "save: " + (sent + failed) + " of " + actions.size() + " objects sent");
            }
        }
    }

    private void send(ActionId action, NativeCache disk, ServiceCache cache) {
        CachedObject object = disk.getToSend(action);
        if (object != null) {
            count(cache.upload(Upload.of(action, object)), object.size());
        }
    }

    private synchronized void count(UploadResult result, long size) {
        if (result instanceof UploadResult.Stored || result instanceof UploadResult.AlreadyThere) {
            sent++;
            bytes += result instanceof UploadResult.Stored ? size : 0;
        } else if (!(result instanceof UploadResult.NotWanted)) {
            failed++;
            if (result instanceof UploadResult.Failed(String why)) {
                reason = why;
            } else if (result instanceof UploadResult.NotAllowed(String why)) {
                reason = why;
            }
        }
    }

    /** A failure that {@code doctor} shows, and where to look. */
    private String explained(String failure) {
        new FailureLog(options.cacheDir(), InstantSource.system()).add(failure);
        return failure + DOCTOR;
    }

    private static String seconds(long startNanos) {
        long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        return millis / 1000 + "." + millis / 100 % 10 + millis / 10 % 10 + " s";
    }

    private boolean say(boolean done, String line) {
        err.println("go-cache-adapter: " + line);
        return done;
    }
}
