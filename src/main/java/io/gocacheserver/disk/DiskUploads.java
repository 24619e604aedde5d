package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.disk.upkeep.UseClock;

import java.time.Instant;
import java.util.List;

/** The pending uploads in whichever store is open. How old they are is what {@link UseClock} says. */
final class DiskUploads implements PendingUploads {

    private static final Backlog NONE = new Backlog(0, null);

    private final StoreLifecycle lifecycle;

    DiskUploads(StoreLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public List<Upload> due(Instant now, int max) throws TierException {
        return lifecycle.read(
                "list",
                "pending uploads",
                open ->
                        open.index().read(reader -> reader.dueUploads(now, max)).stream()
                                .map(
                                        upload ->
                                                new Upload(
                                                        upload.entry(),
                                                        upload.sequence(),
                                                        onTheClock(upload.since(), open.uses()),
                                                        upload.attempts()))
                                .toList());
    }

    @Override
    public void remove(Upload upload) throws TierException {
        lifecycle.write(
                "forget",
                "an upload",
                open ->
                        open.index()
                                .change(
                                        writer -> {
                                            writer.deleteUpload(
                                                    upload.sequence(),
                                                    upload.entry().key(),
                                                    open.uses().next());
                                            return true;
                                        }));
    }

    @Override
    public void postpone(Upload upload, int attempts, Instant notBefore) throws TierException {
        lifecycle.write(
                "postpone",
                "an upload",
                open ->
                        open.index()
                                .change(
                                        writer -> {
                                            writer.postponeUpload(
                                                    upload.sequence(),
                                                    upload.entry().key(),
                                                    attempts,
                                                    notBefore.toEpochMilli());
                                            return true;
                                        }));
    }

    @Override
    public Backlog backlog() {
        OpenStore open = lifecycle.current();
        if (open == null) {
            return NONE;
        }
        Backlog backlog = open.index().backlog();
        Instant oldest = backlog.oldest();
        return oldest == null
                ? backlog
                : new Backlog(backlog.count(), onTheClock(oldest, open.uses()));
    }

    private static Instant onTheClock(Instant since, UseClock uses) {
        Instant then = uses.onTheClock(since.toEpochMilli() * 1000);
        return Instant.ofEpochMilli(then.toEpochMilli());
    }
}
