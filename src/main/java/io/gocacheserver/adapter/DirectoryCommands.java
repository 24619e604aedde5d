package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.Prefetched;
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
    private int sent; // objects that were sent, and what came of those that were not
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

    /** Fetches what the last builds here used; whether that went well. */
    boolean restore() throws IOException {
        if (options.mode() == Mode.WRITE_ONLY) {
            return say(true, "restore: nothing is fetched in mode write-only");
        }
        GoInvocation builds = builds("restore");
        if (builds == null) {
            return false;
        }
        long start = System.nanoTime();
        try (NativeCache disk = disk();
                Backend backend = new Backend(options, version)) {
            disk.removePlainExecutables();
            ServiceCache cache = cache(backend, disk, builds);
            Prefetched came = cache.restore();
            disk.usedEntries().mark();
            String problem = backend.credentialProblem();
            if (problem != null) {
                say(true, problem);
            }
            return say(true, "restore: " + describe(cache, came, start));
        } catch (LocalDiskException e) {
            return say(false, "restore: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return say(false, "restore: interrupted");
        }
    }

    /** Notes what was used since the last {@link #restore}, and sends what of it the service lacks; whether that went well. */
    boolean save() throws IOException {
        if (options.mode() == Mode.READ_ONLY) {
            return say(true, "save: nothing is sent in mode read-only");
        }
        GoInvocation builds = builds("save");
        if (builds == null) {
            return false;
        }
        long start = System.nanoTime();
        try (NativeCache disk = disk();
                Backend backend = new Backend(options, version)) {
            List<ActionId> used = disk.usedEntries().list();
            if (used.isEmpty()) {
                return say(true, "save: no entry of " + options.cacheDir() + " was used");
            }
            ServiceCache cache = cache(backend, disk, builds);
            List<UsedActions.Use> uses = new ArrayList<>(used.size());
            for (ActionId action : used) {
                uses.add(new UsedActions.Use(action, UsedActions.LOCAL));
            }
            List<ActionId> missing = cache.noteUsed(uses);
            // A service that keeps no profiles does not say what it lacks; each upload finds out.
            send(missing == null ? used : missing, disk, cache);
            String problem = backend.credentialProblem();
            if (problem != null) {
                say(true, problem);
            }
            return say(
                    true,
                    "save: sent "
                            + sent
                            + " of "
                            + used.size()
                            + " used entries ("
                            + ByteSize.format(bytes)
                            + ") in "
                            + seconds(start)
                            + (failed == 0
                                    ? ""
                                    : "; " + explained(failed + " not sent" + because())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return say(false, "save: interrupted");
        }
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
            say(true, "save: " + progress(actions.size()));
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

    private synchronized String progress(int all) {
        return (sent + failed) + " of " + all + " objects sent";
    }

    private synchronized String because() {
        return reason == null ? "" : ": " + reason;
    }

    /** A failure that {@code doctor} shows, and where to look. */
    private String explained(String failure) {
        new FailureLog(options.cacheDir(), InstantSource.system()).add(failure);
        return failure + DOCTOR;
    }

    private String describe(ServiceCache cache, Prefetched came, long start) {
        if (came.profileKey() == null) {
            return cache.hasAnswered()
                    ? "the service knows no build of this module, Go version and platform yet"
                    : explained("no answer of a cache service that keeps build profiles");
        }
        return came.objects()
                + " objects came ("
                + ByteSize.format(came.transferred())
                + ", "
                + ByteSize.format(came.bytes())
                + " unpacked) in "
                + seconds(start)
                + ", by the profile "
                + came.profileKey();
    }

    private static String seconds(long startNanos) {
        long millis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        return millis / 1000 + "." + millis / 100 % 10 + millis / 10 % 10 + " s";
    }

    private ServiceCache cache(Backend backend, NativeCache disk, GoInvocation builds) {
        Options.Prefetch wanted = options.prefetch();
        return backend.cacheOver(
                disk,
                new GoBuild(builds, environment, wanted.profile()),
                wanted.isWanted() ? wanted : new Options.Prefetch(MOST_BYTES, wanted.profile()));
    }

    private NativeCache disk() throws IOException {
        OneShot.prepare(options.cacheDir());
        String unique = Long.toString(ProcessHandle.current().pid());
        return new NativeCache(options.cacheDir(), unique, InstantSource.system());
    }

    private @Nullable GoInvocation builds(String command) {
        GoInvocation builds = GoInvocation.ofDirectory(environment);
        if (builds == null) {
            say(
                    false,
                    command + ": no 'go' on PATH answers: which cache entries fit depends on it");
        }
        return builds;
    }

    private boolean say(boolean done, String line) {
        err.println("go-cache-adapter: " + line);
        return done;
    }
}
