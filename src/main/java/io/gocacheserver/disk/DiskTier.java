package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.NamespaceSpace;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.PurgeLog;
import io.gocacheserver.cache.tier.StoreMaintenance;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexWriter;
import io.gocacheserver.disk.upkeep.UseClock;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.InputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The disk tier: a {@link Store}, for as long as its directory can be used. */
public final class DiskTier
        implements LocalTier,
                NamespaceSpace,
                LocalCatalogue,
                PendingUploads,
                StoreMaintenance,
                PurgeLog,
                AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DiskTier.class);
    private static final int LIST_PAGE = 1000;

    private final StoreLifecycle lifecycle;

    private DiskTier(StoreLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    public static DiskTier open(StoreSettings settings, InstantSource clock) {
        return open(settings, new Clocks(clock, System::nanoTime));
    }

    static DiskTier open(StoreSettings settings, Clocks clocks) {
        return new DiskTier(StoreLifecycle.open(settings, clocks));
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public Lookup get(ActionKey action) throws TierException {
        Optional<Store.Found> found =
                lifecycle.read("read action", action, open -> open.store.get(action));
        return found.isEmpty()
                ? Lookup.miss()
                : new Lookup.Hit(found.get().entry(), found.get().content(), name());
    }

    @Override
    public boolean has(ActionKey action) throws TierException {
        return lifecycle.read(
                "look for action", action, open -> open.index.find(action).isPresent());
    }

    @Override
    public Optional<Content> find(OutputId output) throws TierException {
        return lifecycle.read("read object", output, open -> open.store.find(output));
    }

    @Override
    public Optional<Content> look(OutputId output) throws TierException {
        return lifecycle.read("read object", output, open -> open.store.look(output));
    }

    @Override
    public void put(Entry entry, InputStream body, boolean upload)
            throws ObjectSourceException, TierException {
        lifecycle.take("write action", entry.key(), open -> open.store.put(entry, body, upload));
    }

    @Override
    public void fill(Entry entry, InputStream body) throws ObjectSourceException, TierException {
        lifecycle.take("write action", entry.key(), open -> open.store.fill(entry, body));
    }

    @Override
    public void putObject(OutputId output, long size, InputStream body, @Nullable Namespace sender)
            throws ObjectSourceException, TierException {
        lifecycle.take(
                "write object", output, open -> open.store.putObject(output, size, body, sender));
    }

    @Override
    public boolean putAction(Entry entry, boolean upload) throws TierException {
        return lifecycle.write(
                "write action", entry.key(), open -> open.store.putAction(entry, upload));
    }

    @Override
    public boolean isKnown(OutputId output, List<Namespace> readers, @Nullable Namespace sender)
            throws TierException {
        return query("look for object", output, index -> index.isKnown(output, readers, sender));
    }

    @Override
    public long bytes(Namespace namespace) throws TierException {
        return query("look at namespace", namespace, index -> index.bytes(namespace));
    }

    @Override
    public long makeRoom(Namespace namespace, long bytes) throws TierException {
        return lifecycle.write(
                "make room in namespace", namespace, open -> open.store.makeRoom(namespace, bytes));
    }

    @Override
    public List<Entry> entries(ActionId action) throws TierException {
        return query("look for action", action, index -> index.entries(action));
    }

    @Override
    public List<Entry> entries(OutputId output, int max) throws TierException {
        return query("look for object", output, index -> index.entries(output, max));
    }

    @Override
    public List<Entry> written(WrittenBy wanted, int max) throws TierException {
        return query("list", "what was written", index -> index.written(wanted, max));
    }

    @Override
    public Page actions(Namespace namespace, @Nullable String after) throws TierException {
        List<ActionId> actions =
                query(
                        "list actions of",
                        namespace,
                        index -> index.actions(namespace, after, LIST_PAGE));
        return new Page(actions, actions.isEmpty() ? null : actions.getLast().hex());
    }

    @Override
    public List<Upload> due(Instant now, int max) throws TierException {
        return lifecycle.read(
                "list",
                "pending uploads",
                open ->
                        open.index.read(index -> index.dueUploads(now, max)).stream()
                                .map(
                                        upload ->
                                                new Upload(
                                                        upload.entry(),
                                                        upload.sequence(),
                                                        onTheClock(upload.since(), open.uses),
                                                        upload.attempts()))
                                .toList());
    }

    @Override
    public void remove(Upload upload) throws TierException {
        change(
                "forget",
                "an upload",
                (writer, uses) ->
                        writer.deleteUpload(upload.sequence(), upload.entry().key(), uses.next()));
    }

    @Override
    public void postpone(Upload upload, int attempts, Instant notBefore) throws TierException {
        change(
                "postpone",
                "an upload",
                (writer, _) ->
                        writer.postponeUpload(
                                upload.sequence(),
                                upload.entry().key(),
                                attempts,
                                notBefore.toEpochMilli()));
    }

    @Override
    public Backlog backlog() {
        OpenStore open = lifecycle.current();
        Backlog backlog = open == null ? new Backlog(0, null) : open.index.backlog();
        Instant oldest = backlog.oldest();
        return open == null || oldest == null
                ? backlog
                : new Backlog(backlog.count(), onTheClock(oldest, open.uses));
    }

    /** How old an upload is, is what {@link UseClock} says. */
    private static Instant onTheClock(Instant since, UseClock uses) {
        Instant then = uses.onTheClock(since.toEpochMilli() * 1000);
        return Instant.ofEpochMilli(then.toEpochMilli());
    }

    @Override
    public Removed remove(ActionKey action) throws TierException {
        return lifecycle.write("remove action", action, open -> open.store.remove(action));
    }

    @Override
    public Removed remove(OutputId output) throws TierException {
        return lifecycle.write("remove object", output, open -> open.store.remove(output));
    }

    @Override
    public void reportDamaged(OutputId output, StoreReport.FoundBy by) {
        try {
            lifecycle.write("check object", output, open -> open.store.recheck(output, by));
        } catch (TierException e) {
            log.warn(e.getMessage());
        }
    }

    @Override
    public void check() throws TierException {
        StoreReport report = report();
        if (report.state() != StoreReport.State.WORKING) {
            throw new TierException.LocalWrite(String.valueOf(report.problem()), null);
        }
    }

    @Override
    public StoreReport report() {
        OpenStore open = lifecycle.current();
        return open == null ? lifecycle.unavailable() : open.report();
    }

    @Override
    public void evictNow() {
        lifecycle.evictNow();
    }

    @Override
    public void scrubNow() {
        OpenStore open = lifecycle.current();
        if (open != null) {
            open.scrubNow();
        }
    }

    @Override
    public void add(Purge purge) throws TierException {
        change("record", "a purge", (writer, _) -> writer.notes().add(purge));
    }

    @Override
    public List<Purge> latest(int max) throws TierException {
        return query("list", "purges", index -> index.purges(max));
    }

    @Override
    public void close() {
        lifecycle.close();
    }

    private <T> T query(String what, Object which, Index.Query<T> query) throws TierException {
        return lifecycle.read(what, which, open -> open.index.read(query));
    }

    private interface Change {
        void apply(IndexWriter writer, UseClock uses) throws SQLException;
    }

    private void change(String what, Object which, Change change) throws TierException {
        lifecycle.write(
                what,
                which,
                open ->
                        open.index.change(
                                writer -> {
                                    change.apply(writer, open.uses);
                                    return true;
                                }));
    }
}
