package io.gocacheserver.cache;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.Tier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Fills the local tier from the remote one, and answers with what the local tier then has. Concurrent calls for one key share
 * one remote read, and of that only its outcome.
 *
 * <p>If the local tier cannot be written, each caller reads from the remote tier for itself: small objects into memory,
 * verified; larger ones as a stream, which is verified as the last byte goes by. The local tier is then left alone for a
 * moment, so that not every object is read twice.
 */
final class FaultIn {

    /** Up to this size, an object that cannot be stored is read whole before it is passed on. */
    static final int MAX_IN_MEMORY = 1024 * 1024;

    /** How long a local tier that could not be written is left alone. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private enum Outcome {
        ABSENT,
        FILLED,
        NOT_TAKEN
    }

    private interface Store {
        void write(InputStream body) throws ObjectSourceException, TierException;
    }

    private final TieredCache.LocalReads local;
    private final RemoteTier remote;
    private final InstantSource clock;
    private final SingleFlight<Record, Outcome> flights = new SingleFlight<>(); // of both kinds
    private volatile Instant localFailed = Instant.MIN;

    FaultIn(TieredCache.LocalReads local, RemoteTier remote, InstantSource clock) {
        this.local = local;
        this.remote = remote;
        this.clock = clock;
    }

    Lookup get(ActionKey action) throws TierException {
        Outcome outcome = fillOnce(action, () -> fill(action));
        if (outcome == Outcome.FILLED && local.get(action) instanceof Hit hit) {
            return new Hit(hit.entry(), hit.content(), remote.name());
        }
        if (outcome == Outcome.ABSENT || !(remote.get(action) instanceof Hit hit)) {
            return Lookup.miss();
        }
        return new Hit(hit.entry(), verified(hit.entry().output(), hit.content()), hit.tier());
    }

    Optional<Content> find(OutputId output) throws TierException {
        Outcome outcome = fillOnce(output, () -> fill(output));
        Optional<Content> content =
                outcome == Outcome.FILLED ? local.find(output) : Optional.empty();
        if (content.isPresent() || outcome == Outcome.ABSENT) {
            return content;
        }
        content = remote.find(output);
        return content.isEmpty() ? content : Optional.of(verified(output, content.get()));
    }

    private Outcome fillOnce(Record key, Tier.Call<Outcome> fill) throws TierException {
        Instant now = clock.instant();
        boolean leftAlone =
                !now.isBefore(localFailed) && now.isBefore(localFailed.plus(LEFT_ALONE));
        return leftAlone ? Outcome.NOT_TAKEN : flights.run(key, fill);
    }

    private Outcome fill(ActionKey action) throws TierException {
        if (local.has(action)) {
            return Outcome.FILLED; // by another call, since the caller looked
        }
        return remote.get(action) instanceof Hit(var entry, var content, var _)
                ? store(entry.output(), content, body -> local.tier().fill(entry, body))
                : Outcome.ABSENT;
    }

    private Outcome fill(OutputId output) throws TierException {
        if (local.find(output).isPresent()) {
            return Outcome.FILLED;
        }
        Optional<Content> content = remote.find(output);
        if (content.isEmpty()) {
            return Outcome.ABSENT;
        }
        long size = content.get().size();
        return store(
                output, content.get(), body -> local.tier().putObject(output, size, body, null));
    }

    private Outcome store(OutputId output, Content content, Store store) throws TierException {
        try (InputStream body = new VerifiedStream(content.open(), output, content.size())) {
            store.write(body);
            return Outcome.FILLED;
        } catch (TierException.LocalWrite e) {
            localFailed = clock.instant();
            local.failures().warn(e.getMessage() + "; answering from S3");
            return Outcome.NOT_TAKEN;
        } catch (IOException e) {
            throw badRemoteObject(output, e);
        }
    }

    private static Content verified(OutputId output, Content content) throws TierException {
        try {
            InputStream body = new VerifiedStream(content.open(), output, content.size());
            if (content.size() > MAX_IN_MEMORY) {
                return new Content.Streamed(body, content.size());
            }
            try (body) {
                return new Content.InMemory(body.readAllBytes());
            }
        } catch (IOException e) {
            throw badRemoteObject(output, e);
        }
    }

    private static TierException badRemoteObject(OutputId output, IOException e) {
        return new TierException.Remote(
                e instanceof ObjectMismatchException
                        ? TierException.Remote.Kind.INVALID
                        : TierException.Remote.Kind.UNAVAILABLE,
                "read object %s: %s".formatted(output, e.getMessage()),
                e);
    }
}
