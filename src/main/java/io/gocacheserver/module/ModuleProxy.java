package io.gocacheserver.module;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.QuotaExceededException;
import io.gocacheserver.cache.SingleFlight;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.module.Download.DiskException;
import io.gocacheserver.module.ModuleFile.Kind;
import io.gocacheserver.module.ModuleMetrics.From;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files of modules, from the disk, from S3, and from upstreams, in this order.
 *
 * <p><b>Files that never change</b> ({@link Kind#isImmutable}) are checked, kept, and served for as long as they are kept.
 *
 * <p><b>Answers that change</b> are served from disk for a short time. Then they are served once more and refreshed behind, and
 * after ten times that time they are fetched before they are served. If the upstreams fail, the newest answer that is known is served,
 * from disk, or from S3 where another replica has left it. That there is none is such an answer, too.
 *
 * <p>Concurrent requests for one file cause one download, which goes to disk before anything of it is served; it goes on if the
 * client that caused it has hung up.
 */
public final class ModuleProxy {

    /** After so many times the short time, nobody is served an answer that was not refreshed. */
    private static final int STALE_FACTOR = 10;

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int BAD_GATEWAY = 502;
    private static final int DISK_FULL = 507;
    private static final int TOO_MANY = 429;

    private final List<Source> sources;
    private final ModuleStore store;
    private final Upstreams upstreams;
    private final ModuleMetrics metrics;
    private final String checksumDatabase;
    private final Duration refreshAfter;
    private final InstantSource clock;
    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(ModuleProxy.class), System::nanoTime);
    private final SingleFlight<ActionKey, Fetch> fetches = new SingleFlight<>();

    /** Of what S3 has, where upstreams are not to be asked, or have failed. */
    private final SingleFlight<ActionKey, Fetch> kept = new SingleFlight<>();

    sealed interface Answer {

        record Found(Hit hit, From from, boolean isPublic) implements Answer {}

        /** An error, with a text that the Go command shows. */
        record Refused(int status, String text) implements Answer {}
    }

    /** What came of looking for a file that is to be on disk then. */
    private record Fetch(@Nullable From from, Answer.@Nullable Refused refused) {

        static Fetch kept(From from) {
            return new Fetch(from, null);
        }

        static Fetch refused(int status, String text) {
            return new Fetch(null, new Answer.Refused(status, text));
        }

        /** Whether an older answer is better than none. */
        boolean failed() {
            return refused != null
                    && refused.status() != NOT_FOUND
                    && refused.status() != FORBIDDEN;
        }
    }

    ModuleProxy(
            List<Source> sources,
            ModuleStore store,
            Upstreams upstreams,
            ModuleMetrics metrics,
            String checksumDatabase,
            Duration refreshAfter,
            InstantSource clock) {
        this.sources = sources;
        this.store = store;
        this.upstreams = upstreams;
        this.metrics = metrics;
        this.checksumDatabase = checksumDatabase;
        this.refreshAfter = refreshAfter;
        this.clock = clock;
    }

    /** The keys of a version's files, wherever they may be kept. */
    public List<ActionKey> files(String module, String version) {
        return sources.stream()
                .map(Source::home)
                .distinct()
                .flatMap(
                        home ->
                                ModuleFile.of(module, version).stream()
                                        .map(file -> new ActionKey(home, file.id())))
                .toList();
    }

    /** What became of the latest requests to each upstream, by its URL. */
    Map<String, String> upstreams() {
        Map<String, String> states = new TreeMap<>();
        for (ModuleReport.Upstream each : upstreams.report()) {
            states.put(
                    each.url(),
                    each.failure() == null ? each.state() : each.state() + ": " + each.failure());
        }
        return states;
    }

    public ModuleReport report() {
        return metrics.report(isOffered(), upstreams.report());
    }

    boolean isOffered() {
        return sources.stream().anyMatch(source -> !source.upstreams().isEmpty());
    }

    /** A file, or why there is none; upstreams are asked if that may be. */
    Answer get(Access access, ModuleFile file, boolean mayFetch) throws TierException {
        Source source = source(file);
        if (!source.isOpenTo(access) || (file.isSum() && !source.isPublic())) {
            return absent(file); // as if there were none; and its name is told to no upstream
        }
        Answer answer =
                file.kind().isImmutable()
                        ? immutable(source, file, access.by(), mayFetch)
                        : changing(source, file, access.by(), mayFetch);
        return switch (answer) {
            case Answer.Found found -> {
                metrics.answered(found.from());
                yield found;
            }
            case Answer.Refused(int status, String _) -> {
                metrics.answered(status == NOT_FOUND ? From.ABSENT : From.FAILED);
                yield status == NOT_FOUND && !source.isPublic() ? absent(file) : answer;
            }
        };
    }

    /** The source of a file; that of a record of a public module is the one for all other modules. */
    private Source source(ModuleFile file) {
        Source source =
                sources.stream().filter(each -> each.has(file.module())).findFirst().orElseThrow();
        return file.isSum() && source.isPublic() ? sources.getLast() : source;
    }

    private Answer immutable(Source source, ModuleFile file, Provenance by, boolean mayFetch)
            throws TierException {
        ActionKey key = key(source, file);
        Optional<Hit> hit = store.onDisk(key);
        if (hit.isPresent()) {
            return new Answer.Found(hit.get(), From.DISK, source.isPublic());
        }
        if (!mayFetch) {
            return answer(source, key, kept.run(key, () -> fromS3(source, file, key)));
        }
        Fetch fetch =
                fetches.run(
                        key,
                        () -> {
                            if (store.onDisk(key).isPresent()) { // by another call meanwhile
                                return Fetch.kept(From.DISK);
                            }
                            Fetch known = fromS3(source, file, key);
                            return known.from() != null
                                    ? known
                                    : fetch(source, file, key, by, null);
                        });
        return answer(source, key, fetch);
    }

    private Answer changing(Source source, ModuleFile file, Provenance by, boolean mayFetch)
            throws TierException {
        ActionKey key = key(source, file);
        Known known = onDisk(source, file);
        if (known != null) {
            Duration age = Duration.between(known.hit().entry().time(), clock.instant());
            if (!mayFetch || age.compareTo(refreshAfter) < 0) {
                return known.answer(From.DISK, source);
            }
            if (!known.isAbsent() && age.compareTo(refreshAfter.multipliedBy(STALE_FACTOR)) < 0) {
                Thread.ofVirtual()
                        .name("module-refresh")
                        .start(() -> refresh(source, file, key, by, known));
                return known.answer(From.STALE, source);
            }
        }
        Fetch fetch =
                mayFetch
                        ? fetches.run(key, () -> fetch(source, file, key, by, known))
                        : notKept(file);
        if (mayFetch && !fetch.failed()) {
            return answer(source, key, fetch);
        }
        if (known != null) {
            return known.answer(From.STALE, source);
        }
        for (ModuleFile each : List.of(file, file.absence())) {
            ActionKey older = key(source, each);
            if (kept.run(older, () -> fromS3(source, each, older)).from() != null) {
                Known found = onDisk(source, file);
                return found == null ? answer(source, key, fetch) : found.answer(From.S3, source);
            }
        }
        return answer(source, key, fetch);
    }

    /** The newest of what is on disk about a file that changes; that may be that there was none. */
    private record Known(Hit hit, boolean isAbsent) {

        Answer answer(From from, Source source) throws TierException {
            if (!isAbsent) {
                return new Answer.Found(hit, from, source.isPublic());
            }
            try (InputStream in = hit.content().open()) {
                return new Answer.Refused(NOT_FOUND, Download.text(in));
            } catch (IOException e) {
                throw new TierException.LocalRead("read what is absent: " + e, e);
            }
        }
    }

    private @Nullable Known onDisk(Source source, ModuleFile file) {
        Hit there = store.onDisk(key(source, file)).orElse(null);
        Hit gone = store.onDisk(key(source, file.absence())).orElse(null);
        if (there == null || (gone != null && gone.entry().time().isAfter(there.entry().time()))) {
            return gone == null ? null : new Known(gone, true);
        }
        return new Known(there, false);
    }

    private void refresh(
            Source source, ModuleFile file, ActionKey key, Provenance by, Known known) {
        try {
            fetches.run(key, () -> fetch(source, file, key, by, known));
        } catch (TierException | RuntimeException e) {
            log.warn("refresh of %s: %s".formatted(file.name(), e.getMessage()));
        }
    }

    private Answer answer(Source source, ActionKey key, Fetch fetch) {
        if (fetch.refused() != null) {
            return fetch.refused();
        }
        Optional<Hit> hit = store.onDisk(key);
        return hit.isPresent() && fetch.from() != null
                ? new Answer.Found(hit.get(), fetch.from(), source.isPublic())
                : new Answer.Refused(DISK_FULL, "the service's disk cannot keep the file");
    }

    private Fetch fromS3(Source source, ModuleFile file, ActionKey key) throws TierException {
        return toDisk(
                download -> {
                    Optional<Instant> time = store.fetch(key, file.kind().maxBytes(), download);
                    if (time.isEmpty()) {
                        return notKept(file);
                    }
                    String wrong = wrong(source, file, download);
                    if (wrong != null) {
                        String refusal = "%s, of S3: %s".formatted(file.name(), wrong);
                        log.warn("[s3] %s; upstreams are asked".formatted(refusal));
                        metrics.refused(refusal);
                        return notKept(file);
                    }
                    store.fill(key, download, time.get());
                    return Fetch.kept(From.S3);
                });
    }

    private static Fetch notKept(ModuleFile file) {
        return Fetch.refused(NOT_FOUND, "not found: %s is not in the cache".formatted(file.name()));
    }

    private Fetch fetch(
            Source source, ModuleFile file, ActionKey key, Provenance by, @Nullable Known known)
            throws TierException {
        if (source.upstreams().isEmpty()) {
            return Fetch.refused(
                    NOT_FOUND,
                    "not found: the service has no upstream for modules: set cache-server.modules.upstream to what GOPROXY would be without it");
        }
        return toDisk(download -> fetch(source, file, key, by, known, download));
    }

    private Fetch fetch(
            Source source,
            ModuleFile file,
            ActionKey key,
            Provenance by,
            @Nullable Known known,
            Download download)
            throws TierException, DiskException {
        switch (upstreams.fetch(source, file, download)) {
            case UpstreamClient.Answer.Absent(int status, String text) -> {
                if (!file.kind().isImmutable()) {
                    boolean isNew = known == null || !known.isAbsent();
                    store.put(key(source, file.absence()), download, clock.instant(), by, isNew);
                }
                return Fetch.refused(
                        NOT_FOUND, text.isEmpty() ? "not found: " + file.name() : text);
            }
            case Upstreams.Forbidden forbidden -> {
                return Fetch.refused(
                        FORBIDDEN,
                        file.name()
                                + " is not in the cache, and the list of upstreams ends in off");
            }
            case UpstreamClient.Answer.Failed(String why, boolean _) -> {
                return Fetch.refused(BAD_GATEWAY, "%s: %s".formatted(file.name(), why));
            }
            case UpstreamClient.Answer.Fetched fetched -> {}
        }
        String wrong = wrong(source, file, download);
        if (wrong != null) {
            String refusal = "%s is refused: %s".formatted(file.name(), wrong);
            log.warn(refusal);
            metrics.refused("%s: %s".formatted(file.name(), wrong));
            return Fetch.refused(BAD_GATEWAY, refusal);
        }
        boolean changed =
                known == null
                        || known.isAbsent()
                        || !known.hit().entry().output().equals(download.id());
        store.put(key, download, clock.instant(), by, changed);
        return Fetch.kept(From.UPSTREAM);
    }

    private interface Fill {
        Fetch from(Download download) throws TierException, DiskException;
    }

    /** Says it where the disk is what fails. */
    private Fetch toDisk(Fill fill) throws TierException {
        try (Download download = store.download()) {
            return fill.from(download);
        } catch (DiskException | TierException.LocalWrite e) {
            log.warn(String.valueOf(e.getMessage()));
            return Fetch.refused(DISK_FULL, "the service's disk cannot keep the file");
        } catch (QuotaExceededException e) {
            return Fetch.refused(TOO_MANY, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String wrong(Source source, ModuleFile file, Download download)
            throws TierException {
        try {
            return switch (file.kind()) {
                case INFO, LATEST, QUERY -> file.wrongInfo(download.bytes());
                case SUM_LOOKUP ->
                        file.recordedHash(download.bytes()) == null
                                ? "the record does not name the module's zip"
                                : null;
                case ZIP ->
                        wrongSum(
                                source,
                                file,
                                ModuleZip.hash(download.path(), file.module(), file.version()));
                case LIST, MOD, SUM_SUPPORTED, SUM_LATEST, SUM_TILE -> null;
            };
        } catch (ModuleZip.InvalidZipException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new TierException.LocalRead("read download: " + e, e);
        }
    }

    /** Compares a zip's hash with that of the checksum database, where an upstream offers it. */
    private @Nullable String wrongSum(Source source, ModuleFile zip, String hash)
            throws TierException {
        if (checksumDatabase.isEmpty() || !source.isPublic()) {
            return null;
        }
        ModuleFile lookup = ModuleFile.lookup(checksumDatabase, zip.module(), zip.version());
        if (!(immutable(source(lookup), lookup, Provenance.UNKNOWN, true)
                instanceof Answer.Found(Hit hit, From _, boolean _))) {
            metrics.unchecked();
            return null;
        }
        Content content = hit.content();
        try (InputStream record = content.open()) {
            String expected = zip.recordedHash(record.readAllBytes());
            return expected == null || expected.equals(hash)
                    ? null
                    : "SECURITY ERROR: its hash is %s, but the checksum database %s has %s"
                            .formatted(hash, checksumDatabase, expected);
        } catch (IOException e) {
            throw new TierException.LocalRead("read record of %s: %s".formatted(zip.name(), e), e);
        }
    }

    private static Answer absent(ModuleFile file) {
        return new Answer.Refused(NOT_FOUND, "not found: " + file.name());
    }

    private static ActionKey key(Source source, ModuleFile file) {
        return new ActionKey(source.home(), file.id());
    }
}
