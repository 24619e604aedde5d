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
import io.gocacheserver.adapter.report.StatsText;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The commands for builds that know no helper: {@code restore} fills the cache directory before them, {@code save} sends
 * what they have added. A service that fails fails neither: the build is as without a cache.
 */
final class DirectoryCommands {

    /** Most bytes that {@code restore} fetches where builds fetch none ahead. */
    private static final long MOST_BYTES = 1_000_000_000;

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
            long most = options.prefetchMaxBytes();
            ServiceCache cache =
                    backend.cacheOver(
                            disk,
                            new GoBuild(builds, environment, options.profile()),
                            most > 0 ? most : MOST_BYTES);
            String done = saves ? save(disk, cache) : restore(disk, cache);
            String problem = backend.credentialProblem();
            if (problem != null) {
                say(true, problem);
            }
            return say(true, command + done);
        } catch (LocalDiskException e) {
            return say(false, command + e.getMessage());
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
        return "%d objects came (%s, %s unpacked) in %s s, by the profile %s"
                .formatted(
                        came.objects(),
                        ByteSize.format(came.transferred()),
                        ByteSize.format(came.bytes()),
                        StatsText.seconds(System.nanoTime() - start),
                        came.profileKey());
    }

    /** Notes what was used since the last {@link #restore}, and sends what of it the service lacks. */
    private String save(NativeCache disk, ServiceCache cache) {
        long start = System.nanoTime();
        List<ActionId> used = disk.usedEntries().list();
        if (used.isEmpty()) {
            return "no entry of " + options.cacheDir() + " was used";
        }
        List<ActionId> missing =
                cache.noteUsed(
                        used.stream()
                                .map(action -> new UsedActions.Use(action, UsedActions.LOCAL))
                                .toList());
        try (ExecutorService senders = Executors.newFixedThreadPool(Backend.UPLOADS)) {
            // A service that keeps no profiles does not say what it lacks; each upload finds out.
            // Each has its own timeouts, and those that follow failures are not tried.
            for (ActionId action : missing == null ? used : missing) {
                senders.execute(() -> send(action, disk, cache));
            }
        }
        String because = reason == null ? "" : ": " + reason;
        return "sent %d of %d used entries (%s) in %s s%s"
                .formatted(
                        sent,
                        used.size(),
                        ByteSize.format(bytes),
                        StatsText.seconds(System.nanoTime() - start),
                        failed == 0 ? "" : "; " + explained(failed + " not sent" + because));
    }

    private void send(ActionId action, NativeCache disk, ServiceCache cache) {
        CachedObject object = disk.getToSend(action);
        UploadResult result =
                object == null
                        ? new UploadResult.NotWanted()
                        : cache.upload(Upload.of(action, object));
        synchronized (this) {
            if (result instanceof UploadResult.Stored && object != null) {
                sent++;
                bytes += object.size();
            } else if (result instanceof UploadResult.AlreadyThere) {
                sent++;
            } else if (!(result instanceof UploadResult.NotWanted)) {
                failed++;
                reason = result instanceof UploadResult.Failed(String why) ? why : reason;
                reason = result instanceof UploadResult.NotAllowed(String why) ? why : reason;
            }
        }
    }

    /** A failure that {@code doctor} shows, and where to look. */
    private String explained(String failure) {
        new FailureLog(options.cacheDir(), InstantSource.system()).add(failure);
        return failure + "; go-cache-adapter doctor says why";
    }

    private boolean say(boolean done, String line) {
        err.println("go-cache-adapter: " + line);
        return done;
    }
}
