package io.gocacheserver.adapter.remote;

import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The service over HTTP, as one session sees it: with a time budget of its own, and its own account of what misses cost.
 */
public final class ServiceCache implements RemoteCache {

    private static final FetchResult NOT_ASKED = new FetchResult.NotAsked();
    private static final FetchResult NOT_WAITED = new FetchResult.NotWaited();

    private final Gate gets;
    private final ObjectFetch fetches;
    private final ObjectUpload uploads;
    private final TimeBudget budget;
    private final MissPolicy misses;
    private final BackgroundProbes probes;
    private final Mode mode;
    private final Duration timeBudget;

    /**
     * @param disk where fetched objects go
     * @param mode what the service is used for
     * @param timeBudget time that the session may lose; zero for no limit
     * @param background asks the service behind
     * @param probes how many requests {@code background} may run at once
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ServiceCache(
            ServiceAccess service,
            NativeCache disk,
            Mode mode,
            Duration timeBudget,
            Executor background,
            int probes,
            LongSupplier nanoTime) {
        this.gets = new Gate(service.gets);
        this.fetches = new ObjectFetch(service, disk, gets);
        this.uploads = new ObjectUpload(service, new Gate(service.puts), gets);
        this.budget = new TimeBudget(timeBudget, nanoTime);
        this.misses = new MissPolicy(nanoTime);
        this.probes = new BackgroundProbes(service, misses, background, probes);
        this.mode = mode;
        this.timeBudget = timeBudget;
    }

    @Override
    public FetchResult fetch(ActionId action) {
        if (mode == Mode.WRITE_ONLY || budget.isUsedUp()) {
            return NOT_ASKED;
        }
        if (!misses.isWorthWaiting() && gets.isOpen()) {
            probes.ask(action);
            return NOT_WAITED;
        }
        if (!gets.tryPass()) {
            return NOT_ASKED;
        }
        TimeBudget.Wait wait = budget.begin();
        boolean hit = false;
        boolean miss = false;
        try {
            FetchResult result = fetches.fetch(action, wait);
            hit = result instanceof FetchResult.Hit;
            miss = result instanceof FetchResult.Miss;
            return result;
        } finally {
            long end = wait.end(!hit);
            if (hit) {
                misses.hit(wait.start(), end);
            } else if (miss) {
                misses.missed(wait.start(), end);
            }
        }
    }

    @Override
    public UploadResult upload(Upload upload) {
        return mode == Mode.READ_ONLY ? new UploadResult.NotWanted() : uploads.upload(upload);
    }

    @Override
    public @Nullable String remark() {
        if (budget.isUsedUp()) {
            return "the build lost its time budget of "
                    + timeBudget.toMillis()
                    + " ms waiting for the service, and went on without it (--time-budget)";
        }
        if (fetches.sawOnlyWebPages() && !uploads.everStored()) {
            return "the service answered each Get with a web page that says 404: is --server right?";
        }
        return null;
    }

    @Override
    public boolean isGivenUp() {
        return budget.isUsedUp();
    }
}
