package io.gocacheserver.module;

import io.gocacheserver.cache.Quotas;
import io.gocacheserver.cache.RemoteReads;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.RemoteTier.RemoteFile;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.module.Download.DiskException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files of modules in the tiers. On disk each is an entry as those of actions are, so that limits, eviction, checks and pending
 * uploads hold for it; its key is the SHA-256 of its name, in the {@linkplain io.gocacheserver.model.Namespace#modules part for
 * modules} of a namespace. In S3 it is its bytes, under go-cache-plugin's key.
 *
 * <p>Downloads lie in a folder of their own until they are checked; what a process left there is deleted at the start.
 */
final class ModuleStore {

    private static final int REMOTE_READS = 100;
    private static final Logger log = LoggerFactory.getLogger(ModuleStore.class);

    private final LocalTier local;
    private final TieredCache.@Nullable Remote remote;
    private final Quotas quotas;
    private final Path folder;
    private final AtomicLong names = new AtomicLong();
    private final RemoteReads remoteReads = new RemoteReads(REMOTE_READS, System::nanoTime);
    private final RateLimitedLog failures = new RateLimitedLog(log, System::nanoTime);

    ModuleStore(LocalTier local, TieredCache.@Nullable Remote remote, Quotas quotas, Path folder) {
        this.local = local;
        this.remote = remote;
        this.quotas = quotas;
        this.folder = folder;
    }

    void clean() {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            log.warn("[disk] downloads of modules cannot be deleted: {}", e.toString());
        }
    }

    Download download() throws DiskException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DiskException(e);
        }
        return new Download(folder.resolve("module-" + names.incrementAndGet()));
    }

    /** A file on this replica's disk; one that cannot be read counts as not there. */
    Optional<Lookup.Hit> onDisk(ActionKey key) {
        try {
            return local.get(key) instanceof Lookup.Hit hit ? Optional.of(hit) : Optional.empty();
        } catch (TierException e) {
            failures.warn(e.getMessage() + "; treated as absent");
            return Optional.empty();
        }
    }

    /** Reads a file from S3 into a download; what S3 says of it, or empty if there is none, or S3 fails. */
    Optional<RemoteFile> fetch(ActionKey key, long max, Download download) throws DiskException {
        TieredCache.Remote from = remote;
        if (from == null) {
            return Optional.empty();
        }
        try {
            Optional<RemoteFile> found = remoteReads.run(() -> from.tier().file(key));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Content content = found.get().content();
            try (InputStream in = content.open()) {
                download.copy(in, max);
            }
            if (download.size() != content.size()
                    || (found.get().sha256() != null
                            && !download.id().equals(found.get().sha256()))) {
                failures.warn(
                        "[s3] read file %s: its bytes are not those that were written"
                                .formatted(key));
                return Optional.empty();
            }
            return found;
        } catch (DiskException e) {
            throw e;
        } catch (TierException | IOException e) {
            failures.warn("%s; the file %s is asked for elsewhere".formatted(e.getMessage(), key));
            return Optional.empty();
        }
    }

    void fill(ActionKey key, Download download, RemoteFile from) throws TierException {
        Entry entry = new Entry(key, download.id(), download.size(), from.time(), from.by());
        keep(entry, download, body -> local.fill(entry, body));
    }

    /** Keeps what an upstream gave, on disk now and in S3 soon, unless that has the same already. */
    void put(ActionKey key, Download download, Instant time, Provenance by, boolean changed)
            throws TierException {
        Entry entry = new Entry(key, download.id(), download.size(), time, by);
        boolean upload = changed && remote != null && remote.uploads().admit(entry);
        keep(entry, download, body -> local.put(entry, body, upload));
        if (upload && remote != null) {
            remote.uploads().wake();
        }
    }

    private interface Write {
        void run(InputStream body) throws ObjectSourceException, TierException;
    }

    private void keep(Entry entry, Download download, Write write) throws TierException {
        try (Quotas.Claim claim = quotas.claim(entry.key().namespace(), entry.size());
                InputStream body = download.open()) {
            claim.more(entry.size());
            write.run(body);
        } catch (IOException e) {
            throw new TierException.LocalWrite(
                    "write file %s: %s".formatted(entry.key(), e.getMessage()), e);
        }
    }
}
