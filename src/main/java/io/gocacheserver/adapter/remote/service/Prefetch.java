package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.RequestBody;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.RemoteCache.Prefetched;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.remote.service.InFlightObjects.InFlight;
import io.gocacheserver.adapter.remote.service.ServiceCache.Ahead;
import io.gocacheserver.adapter.remote.service.ServiceCache.Background;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes the objects that a build is likely to use before the Go command asks for them: says once what is built and what is
 * here, and stores what the service sends, in the order of use.
 *
 * <p>It ends with the answer, when the byte or the time budget is used up, when the service fails, or with its session. It is a
 * matter of speed alone: an error is no failure that a user need know, and none that keeps Gets from being asked.
 */
final class Prefetch {

    /** An object farther behind the one that is being read is asked for, if a Get waits for it. */
    private static final int NEAR = 128;

    /** After so much silence an object is asked for. */
    private static final long SILENCE_NANOS = 200_000_000L;

    private static final Duration NOTE_LIMIT = Duration.ofSeconds(5);

    /** More than the actions of any build. */
    private static final int MAX_MISSING_BYTES = 4 << 20;

    final ServiceAccess service;
    private final NativeCache disk;
    final ObjectStore store;
    private final Gate gate;
    private final InFlightObjects inFlight;
    final Ahead settings;
    final Background background;

    /** Actions that the service does not have. */
    private final Set<ActionId> absent = new HashSet<>();

    private List<ActionId> actions = List.of();

    /** One for each action; null if another session brings it or has done so. */
    private final List<@Nullable InFlight> announced = new ArrayList<>();

    private boolean begun;
    private volatile boolean ended;
    private volatile @Nullable HttpResponse answer;
    private @Nullable String profileKey;
    private int objects;
    private long bytes;
    private long transferred;
    private int requests;
    private volatile int position;
    private volatile long lastAt;

    /** The gate, that of Gets, tells whether the service is there. */
    Prefetch(
            ServiceAccess service,
            NativeCache disk,
            ObjectStore store,
            Gate gate,
            InFlightObjects inFlight,
            Ahead settings,
            Background background) {
        this.service = service;
        this.disk = disk;
        this.store = store;
        this.gate = gate;
        this.inFlight = inFlight;
        this.settings = settings;
        this.background = background;
    }

    /** Begins, unless it has begun or is not wanted. Returns at once. */
    void begin() {
        if (mayBegin()) {
            try {
                background.streams().execute(this::run);
            } catch (RejectedExecutionException e) {
                return; // every Get asks
            }
        }
    }

    /** The same to its end. */
    void runHere() {
        if (mayBegin()) {
            run();
        }
    }

    private synchronized boolean mayBegin() {
        boolean may = !begun && !ended && settings.wanted();
        begun |= may;
        return may;
    }

    private void run() {
        try {
            String facts = settings.build().facts();
            if (facts != null && !ended && !service.is(Trait.NO_PROFILES) && gate.isPassable()) {
                ask(facts);
            }
        } catch (IOException | RuntimeException e) {
            return;
        } finally {
            for (int i = 0; i < announced.size(); i++) {
                outcome(i, null);
            }
        }
    }

    private void ask(String facts) throws IOException {
        ActionFilter have = disk.filter();
        String bits = null;
        if (have != null) {
            byte[] copy = new byte[have.size()];
            have.copyTo(copy, 0);
            bits = Base64.getEncoder().encodeToString(copy);
        }
        HttpRequest request =
                HttpRequest.post(
                        WirePaths.PREFETCH + "?max-bytes=" + settings.maxBytes(),
                        service.startHeaders(),
                        body(facts, "have", bits));
        Duration patience = service.client.requestTimeout();
        synchronized (this) {
            requests++;
        }
        try (HttpResponse response = service.client.send(request, patience, settings.timeout())) {
            answer = response;
            if (response.status() != Status.OK) {
                learn(response);
            } else if (!ended) {
                synchronized (this) {
                    profileKey = response.header(WireHeaders.PROFILE_KEY);
                }
                new ObjectFrames(this, response).receive();
            }
        }
    }

    private static RequestBody body(String facts, String name, @Nullable String value) {
        JsonText json = new JsonText();
        json.object("build", facts);
        if (value != null) {
            json.string(name, value);
        }
        return RequestBody.of(json.end().getBytes(StandardCharsets.UTF_8));
    }

    /** A 404 that no problem details come with is another server's, which is not asked again. */
    private void learn(HttpResponse response) {
        int status = response.status();
        String type = response.header("Content-Type");
        boolean ours = type != null && type.startsWith("application/problem+json");
        if (status == Status.NOT_FOUND
                || status == Status.NOT_ALLOWED
                || status == Status.BAD_REQUEST) {
            service.learn(ours ? Trait.CACHE : Trait.NO_PROFILES);
        }
    }

    /** Tells what a build used; the actions that the service lacks and this machine has, or null if it did not say. Blocks. */
    @Nullable List<ActionId> tellUsed(String facts, List<UsedActions.Use> uses) {
        if (service.is(Trait.NO_PROFILES) || uses.isEmpty() || !gate.isPassable()) {
            return null;
        }
        String used = Base64.getEncoder().encodeToString(UsedActions.encode(uses));
        HttpRequest request =
                HttpRequest.post(
                        WirePaths.PREFETCH_USED, service.jsonHeaders(), body(facts, "used", used));
        try (HttpResponse response = service.client.send(request, NOTE_LIMIT)) {
            if (response.status() != Status.OK) {
                learn(response);
                return null;
            }
            ActionList missing = ActionList.decode(response.whole(MAX_MISSING_BYTES));
            List<ActionId> lacking = new ArrayList<>();
            for (int i = 0; i < missing.size(); i++) {
                lacking.add(missing.get(i));
            }
            return lacking.size() > uses.size() ? null : lacking;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Whether it has begun, so that it may have fetched something. */
    synchronized boolean hasBegun() {
        return begun;
    }

    /** Whether the service has said in this session that it does not have the action. */
    synchronized boolean isAbsent(ActionId action) {
        return absent.contains(action);
    }

    /** Ends it; what has not come by now is given up. */
    void end() {
        ended = true;
        HttpResponse response = answer;
        if (response != null) {
            response.abort();
        }
    }

    synchronized Prefetched report() {
        return new Prefetched(profileKey, objects, bytes, transferred, requests);
    }

    /** The actions whose outcomes come, in this order. */
    void listed(List<ActionId> list) {
        actions = list;
        progressed(0);
        for (int i = 0; i < list.size(); i++) {
            int index = i;
            InFlight object = new InFlight(() -> isComing(index));
            announced.add(inFlight.announce(list.get(i), object) ? object : null);
        }
    }

    /** The object begins. Whether it is wanted still: a Get may have lost patience and fetched it. */
    boolean wants(int index) {
        progressed(index);
        return announced.get(index) != null && !disk.knows(actions.get(index));
    }

    /** The outcome of an action: a hit, a miss, or anything else if it does not come this way. */
    void came(int index, @Nullable FetchResult result) {
        progressed(index + 1);
        boolean isHit = result instanceof FetchResult.Hit;
        boolean isMiss = result instanceof FetchResult.Miss;
        synchronized (this) {
            if (result instanceof FetchResult.Hit(CachedObject object, _)) {
                objects++;
                bytes += object.size();
            } else if (isMiss) {
                absent.add(actions.get(index));
            }
        }
        outcome(index, isHit || isMiss ? result : null);
    }

    synchronized void transferred(long count) {
        transferred = count;
    }

    private void outcome(int index, @Nullable FetchResult result) {
        InFlight object = announced.get(index);
        if (object != null) {
            inFlight.came(actions.get(index), object, result, true);
        }
    }

    /** Something has come, and so many actions are done with. */
    synchronized void progressed(int reached) {
        position = Math.max(position, reached);
        lastAt = System.nanoTime();
    }

    private boolean isComing(int index) {
        return index - position <= NEAR && System.nanoTime() - lastAt < SILENCE_NANOS;
    }
}
