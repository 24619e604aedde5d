package io.gocacheserver.cache;

import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Fills the local tier from the remote one, and answers with what it then has. Concurrent calls for one key share one
 * remote read.
 *
 * <p>A local tier that cannot be written does not keep the answer back: small objects are then read into memory and
 * verified, larger ones are streamed to whoever asked, and verified as the last byte goes by. Such a stream can be read
 * once, so each caller gets his own. For a moment after the local tier has failed it is not tried again, so that not every
 * object is read twice.
 */
final class FaultIn {

    /** Up to this size, an object that cannot be stored is read whole before it is passed on. */
    static final int MAX_IN_MEMORY = 1024 * 1024;

    /** How long a local tier that could not be written is left alone. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    /** Asks one tier. */
    interface Query<V> {
        V ask() throws TierException;
    }

    private interface Store {
        Content write(InputStream body) throws ObjectSourceException, TierException;
    }

    private final LocalTier local;
    private final RemoteTier remote;
    private final InstantSource clock;
    private final RateLimitedLog floods;
    private final SingleFlight<ActionKey, Faulted<Lookup.Hit>> actions = new SingleFlight<>();
    private final SingleFlight<OutputId, Faulted<Content>> objects = new SingleFlight<>();
    private volatile Instant localFailed = Instant.MIN;

    FaultIn(LocalTier local, RemoteTier remote, InstantSource clock, RateLimitedLog floods) {
        this.local = local;
        this.remote = remote;
        this.clock = clock;
        this.floods = floods;
    }

    /**
     * What an action produced.
     *
     * @param again asks the local tier, which another call may have filled since the caller looked
     */
    Lookup get(ActionKey action, Query<Lookup> again) throws TierException {
        Query<Faulted<Lookup.Hit>> read =
                () -> {
                    Optional<Lookup.Hit> hit = hit(remote.get(action));
                    return hit.isPresent() ? fault(hit.get()) : Faulted.nothing();
                };
        Faulted<Lookup.Hit> faulted =
                actions.run(
                        action,
                        () -> {
                            Optional<Lookup.Hit> hit = hit(again.ask());
                            return hit.isPresent() ? Faulted.shared(hit.get()) : twice(read);
                        });
        Optional<Lookup.Hit> hit = own(faulted, read);
        return hit.isPresent() ? hit.get() : Lookup.miss();
    }

    /** An object; {@code again} as above. */
    Optional<Content> find(OutputId output, Query<Optional<Content>> again) throws TierException {
        Query<Faulted<Content>> read =
                () -> {
                    Optional<Content> content = remote.find(output);
                    return content.isPresent() ? fault(output, content.get()) : Faulted.nothing();
                };
        Faulted<Content> faulted =
                objects.run(
                        output,
                        () -> {
                            Optional<Content> content = again.ask();
                            return content.isPresent()
                                    ? Faulted.shared(content.get())
                                    : twice(read);
                        });
        return own(faulted, read);
    }

    /** A second read where the first one was spent on a local tier that turned out not to take it. */
    private <V> Faulted<V> twice(Query<Faulted<V>> read) throws TierException {
        try {
            return read.ask();
        } catch (TierException.LocalWrite e) {
            localFailed = clock.instant();
            floods.warn(e.getMessage() + "; answering from S3");
            return read.ask();
        }
    }

    private <V> Optional<V> own(Faulted<V> faulted, Query<Faulted<V>> read) throws TierException {
        Faulted<V> mine = faulted;
        while (true) {
            switch (mine.take()) {
                case Faulted.Taken<V>(Optional<V> value) -> {
                    return value;
                }
                case Faulted.TooLate<V> late -> mine = twice(read);
            }
        }
    }

    private Faulted<Lookup.Hit> fault(Lookup.Hit hit) throws TierException {
        Entry entry = hit.entry();
        Faulted<Content> content =
                fault(entry.output(), hit.content(), body -> local.fill(entry, body));
        return content.map(stored -> new Lookup.Hit(entry, stored, hit.tier()));
    }

    private Faulted<Content> fault(OutputId output, Content content) throws TierException {
        return fault(output, content, body -> local.putObject(output, content.size(), body, null));
    }

    private Faulted<Content> fault(OutputId output, Content content, Store store)
            throws TierException {
        boolean stored = !isLocalLeftAlone();
        if (!stored && content.size() > MAX_IN_MEMORY) {
            return Faulted.single(verified(output, content));
        }
        try (InputStream body = new VerifiedStream(content.open(), output, content.size())) {
            return Faulted.shared(
                    stored ? store.write(body) : new Content.InMemory(body.readAllBytes()));
        } catch (IOException e) {
            throw badRemoteObject(output, e);
        }
    }

    private static Content verified(OutputId output, Content content) throws TierException {
        try {
            return new Content.Streamed(
                    new VerifiedStream(content.open(), output, content.size()), content.size());
        } catch (IOException e) {
            throw badRemoteObject(output, e);
        }
    }

    private boolean isLocalLeftAlone() {
        Instant now = clock.instant();
        return !now.isBefore(localFailed) && now.isBefore(localFailed.plus(LEFT_ALONE));
    }

    private static Optional<Lookup.Hit> hit(Lookup lookup) {
        return switch (lookup) {
            case Lookup.Hit hit -> Optional.of(hit);
            case Lookup.Miss miss -> Optional.empty();
        };
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
