package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.TestResult;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.adapter.remote.RemoteCache;
import io.gocacheserver.adapter.remote.Upload;
import io.gocacheserver.adapter.remote.UploadResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.remote.access.TimeBudget;
import io.gocacheserver.adapter.remote.service.InFlightObjects.InFlight;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The service over HTTP, as one session sees it: with a time budget of its own.
 *
 * <p>A Get for something that comes soon waits for that. One that the service has
 * said it does not have, of the action itself or by its filter, is a miss at once. Any other asks and waits, as long as the
 * time budget holds.
 */
public final class ServiceCache implements RemoteCache {

    private static final long DAY_MILLIS = 24 * 3_600_000L;
    private static final FetchResult NOT_ASKED = new FetchResult.NotAsked();
    private static final FetchResult KNOWN_MISS = new FetchResult.KnownMiss();

    private final ServiceAccess service;
    private final NativeCache disk;
    private final Gate gets;
    private final ObjectStore store;
    private final ObjectUpload uploads;
    private final TimeBudget budget;
    private final ServiceFilter filter;
    private final Semaphore places;
    private final InFlightObjects inFlight;
    private final Prefetch prefetch;
    private final AtomicInteger requests = new AtomicInteger();
    private final Settings settings;
    private volatile boolean abandoned;
    private volatile boolean webPageForMiss;

    /**
     * The settings of a session.
     *
     * @param shareTests whether results of tests are sent and taken
     * @param timeBudget time that the session may lose; zero for no limit
     * @param concurrency Gets with the service at once
     */
    public record Settings(
            Mode mode, boolean shareTests, Duration timeBudget, int concurrency, Ahead ahead) {}

    /**
     * How a session fetches ahead of its Gets.
     *
     * @param build what is built
     * @param wanted whether to fetch ahead, and to say at the end what was used
     * @param maxBytes most bytes of objects that are fetched ahead, as they are sent
     * @param timeout after which nothing more is fetched ahead
     */
    public record Ahead(GoBuild build, boolean wanted, long maxBytes, Duration timeout) {

        /** Nothing is fetched ahead, and no build noted. */
        static final Ahead NONE =
                new Ahead(
                        new GoBuild(new GoInvocation("", List.of(), Map.of()), Map.of(), null),
                        false,
                        0,
                        Duration.ZERO);
    }

    /** Threads for requests for which no Get waits, for streams of objects ahead, and for storing what comes so. */
    public record Background(Executor requests, Executor streams, Executor storing) {}

    public ServiceCache(
            ServiceAccess service,
            NativeCache disk,
            InFlightObjects inFlight,
            Settings settings,
            Background background,
            LongSupplier nanoTime) {
        this.store =
                new ObjectStore(
                        service,
                        disk,
                        settings.shareTests(),
                        () -> settings.ahead().build().invocation(true).executableName());
        this.service = service;
        this.disk = disk;
        this.inFlight = inFlight;
        this.settings = settings;
        this.gets = new Gate(service.gets);
        this.places = new Semaphore(settings.concurrency());
        this.uploads = new ObjectUpload(service, new Gate(service.puts), gets);
        this.budget = new TimeBudget(settings.timeBudget(), nanoTime);
        this.filter = new ServiceFilter(service, gets, background.requests(), requests);
        this.prefetch =
                new Prefetch(
                        service,
                        disk,
                        new ObjectStore(service, disk, settings.shareTests(), () -> null),
                        gets,
                        inFlight,
                        settings.ahead(),
                        background);
    }

    /** Begins to ask the service if the directory is that of a fresh machine; else the first Get that it does not answer does. */
    @Override
    public void begin() {
        if (settings.mode() != Mode.WRITE_ONLY && disk.isFresh()) {
            prefetch.begin();
            filter.begin();
        }
    }

    @Override
    public FetchResult fetch(ActionId action) {
        if (settings.mode() == Mode.WRITE_ONLY) {
            return new FetchResult.Miss();
        }
        FetchResult result = budget.isUsedUp() ? NOT_ASKED : find(action);
        if (result instanceof FetchResult.NotAsked && (budget.isUsedUp() || !gets.isPassable())) {
            abandoned = true;
        }
        return result;
    }

    private FetchResult find(ActionId action) {
        prefetch.begin();
        filter.begin();
        FetchResult arrived = awaitArrival(action);
        if (arrived != null) {
            return arrived;
        }
        return filter.lacks(action) ? KNOWN_MISS : ask(action);
    }

    /** The object of an action that is on its way or has come, or null. */
    private @Nullable FetchResult awaitArrival(ActionId action) {
        if (prefetch.isAbsent(action)) {
            return KNOWN_MISS;
        }
        InFlight fetch = inFlight.find(action);
        FetchResult result = null;
        if (fetch != null) {
            TimeBudget.Wait wait = budget.begin();
            try {
                result = fetch.await(wait.limit().toNanos());
            } finally {
                wait.end(!(result instanceof FetchResult.Hit));
            }
            if (result instanceof FetchResult.Miss) {
                return KNOWN_MISS;
            }
        }
        if (result instanceof FetchResult.Hit || inFlight.isFetchedAhead(action)) {
            CachedObject object = disk.get(action);
            return object == null ? null : new FetchResult.Arrived(object);
        }
        return null;
    }

    private FetchResult ask(ActionId action) {
        if (!gets.isPassable()) {
            return NOT_ASKED;
        }
        InFlight fetch = new InFlight(() -> true);
        boolean announced = inFlight.announce(action, fetch);
        TimeBudget.Wait wait = budget.begin();
        FetchResult result = NOT_ASKED;
        try {
            result = ask(action, wait);
            return result;
        } finally {
            if (announced) {
                inFlight.came(action, fetch, result, false);
            }
            wait.end(!(result instanceof FetchResult.Hit));
        }
    }

    private FetchResult ask(ActionId action, TimeBudget.Wait wait) {
        try {
            if (!places.tryAcquire(wait.limit().toNanos(), TimeUnit.NANOSECONDS)) {
                return NOT_ASKED;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOT_ASKED;
        }
        try {
            if (budget.isUsedUp() || !gets.tryPass()) {
                return NOT_ASKED;
            }
            requests.incrementAndGet();
            return request(action, wait);
        } finally {
            places.release();
        }
    }

    private FetchResult request(ActionId action, TimeBudget.Wait wait) {
        FetchResult result;
        HttpRequest request = HttpRequest.get(WirePaths.action(action), service.getHeaders());
        Duration patience = wait.limit();
        try (HttpResponse response =
                service.client.send(request, patience, service.longest(patience))) {
            int status = response.status();
            if (status != Status.OK && status != Status.NOT_FOUND) {
                Failure failure = Failure.of(response, service.withToken);
                gets.failed(failure);
                return new FetchResult.ServiceFailed(failure.reason());
            }
            result = status == Status.OK ? receive(action, response, wait) : miss(response);
        } catch (IOException | RuntimeException e) {
            result = new FetchResult.ServiceFailed(Failure.reason(e));
        }
        if (result instanceof FetchResult.ServiceFailed) {
            gets.failed();
        } else {
            gets.answered();
        }
        return result;
    }

    private FetchResult miss(HttpResponse response) {
        String type = response.header("Content-Type");
        if (type != null && type.startsWith("text/html")) {
            webPageForMiss = true;
        } else {
            service.learn(Trait.CACHE);
        }
        return new FetchResult.Miss();
    }

    private FetchResult receive(ActionId action, HttpResponse response, TimeBudget.Wait wait)
            throws IOException {
        AnnouncedObject announced = AnnouncedObject.of(response, service.decoders.available());
        service.learn(Trait.CACHE);
        InputStream body = service.is(Trait.PROVEN) ? counted(response, wait) : response;
        FetchResult result = store.store(action, announced, body);
        return result == null ? new FetchResult.Miss() : result;
    }

    /** A body whose bytes speak for the service. */
    private static InputStream counted(InputStream body, TimeBudget.Wait wait) {
        return new FilterInputStream(body) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                int count = in.read(target, from, length);
                wait.came(Math.max(count, 0));
                return count;
            }
        };
    }

    @Override
    public boolean isFetchedAhead(ActionId action) {
        return prefetch.hasBegun() && inFlight.isFetchedAhead(action);
    }

    @Override
    public void end() {
        prefetch.end();
    }

    @Override
    public boolean wantsNote() {
        return settings.mode() != Mode.READ_ONLY && settings.ahead().wanted();
    }

    /**
     * Of a build that found all on the local disk it tells once a day: of each would cost a request for each warm build and say
     * nothing new, of none would let their profile grow old.
     */
    @Override
    public List<ActionId> note(List<UsedActions.Use> uses, boolean onlyLocal) {
        String facts = settings.ahead().build().facts();
        if (facts == null) {
            return List.of();
        }
        String name = Integer.toHexString(facts.hashCode()) + '-' + facts.length();
        Path noted = Path.of(disk.directory(), "go-cache-adapter", "profiles", name);
        long age = System.currentTimeMillis() - noted.toFile().lastModified();
        if (onlyLocal && Math.abs(age) < DAY_MILLIS) {
            return List.of();
        }
        List<ActionId> missing = prefetch.tellUsed(facts, uses);
        try {
            Files.createDirectories(noted.getParent());
            Files.write(noted, new byte[1]);
        } catch (IOException e) {
            // It costs a request more.
        }
        return missing == null ? List.of() : missing;
    }

    /** Fetches all that the profile names, within the budgets, without a build that asks for it; what came. Blocks. */
    public Prefetched restore() {
        prefetch.runHere();
        return prefetch.report();
    }

    /** Tells what was used outside of any session; the actions that the service lacks, or null if it did not say. Blocks. */
    public @Nullable List<ActionId> noteUsed(List<UsedActions.Use> uses) {
        String facts = settings.ahead().build().facts();
        return facts == null ? null : prefetch.tellUsed(facts, uses);
    }

    /** Whether anything has answered that may be a cache service. */
    public boolean hasAnswered() {
        return service.is(Trait.CACHE);
    }

    @Override
    public Prefetched prefetched() {
        return prefetch.report();
    }

    @Override
    public int roundTrips() {
        return requests.get() + prefetch.report().roundTrips();
    }

    @Override
    public UploadResult upload(Upload upload) {
        if (settings.mode() == Mode.READ_ONLY
                || (!settings.shareTests() && TestResult.of(upload.path()) != null)) {
            return new UploadResult.NotWanted();
        }
        UploadResult result = uploads.upload(upload);
        return result instanceof UploadResult.NotAllowed(String reason)
                        && settings.mode() == Mode.WRITE_ONLY
                ? new UploadResult.Failed(reason)
                : result;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public @Nullable String remark() {
        if (budget.isUsedUp()) {
            return "waiting for it used up the time budget of "
                    + settings.timeBudget().toMillis()
                    + " ms (--time-budget)";
        }
        if (webPageForMiss && !service.is(Trait.CACHE) && !uploads.everStored()) {
            return "it answered each Get with a web page that says 404: is --server right?";
        }
        return null;
    }

    @Override
    public boolean isGivenUp() {
        return budget.isUsedUp();
    }
}
