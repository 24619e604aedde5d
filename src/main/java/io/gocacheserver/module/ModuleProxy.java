package io.gocacheserver.module;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.Quotas.QuotaExceededException;
import io.gocacheserver.cache.SingleFlight;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.RemoteTier.RemoteFile;
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
    private static final String DISK_FULL_TEXT = "the service's disk cannot keep the file";

    private final List<Source> sources;
    private final ModuleStore store;
    private final Upstreams upstreams;
    private final ModuleMetrics metrics;
    private final String checksumDatabase;
    private final Duration refreshAfter;
    private final InstantSource clock;
    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(ModuleProxy.class), System::nanoTime);
    private final SingleFlight<ActionKey, Outcome> fetches = new SingleFlight<>();

    /** Of what S3 has, where upstreams are not to be asked, or have failed. */
    private final SingleFlight<ActionKey, Outcome> kept = new SingleFlight<>();

    sealed interface Answer {

        record Found(Hit hit, From from, boolean isPublic) implements Answer {}

        /** An error, with a text that the Go command shows. */
        record Refused(int status, String text) implements Answer, Outcome {

            /** Whether an older answer is better than this. */
            boolean isFailure() {
                return status != NOT_FOUND && status != FORBIDDEN;
            }
        }
    }

    /** A file of a source, and who asks for it. */
    private record Asked(Source source, ModuleFile file, Provenance by) {

        ActionKey key() {
            return new ActionKey(source.home(), file.id());
        }

        Asked absence() {
            return new Asked(source, file.absence(), by);
        }

        Answer.Found found(Hit hit, From from) {
            return new Answer.Found(hit, from, source.isPublic());
        }
    }

    /** What came of looking for a file that is to be on disk then. */
    sealed interface Outcome permits Kept, Answer.Refused {}

    record Kept(From from) implements Outcome {}

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
        Asked asked = new Asked(source, file, access.by());
        Answer answer =
                file.kind().isImmutable ? immutable(asked, mayFetch) : changing(asked, mayFetch);
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

    private Answer immutable(Asked asked, boolean mayFetch) throws TierException {
        ActionKey key = asked.key();
        Optional<Hit> hit = store.onDisk(key);
        if (hit.isPresent()) {
            return asked.found(hit.get(), From.DISK);
        }
        if (!mayFetch) {
            return answer(asked, kept.run(key, () -> fromS3(asked)));
        }
        Outcome fetch =
                fetches.run(
                        key,
                        () -> {
                            if (store.onDisk(key).isPresent()) { // by another call meanwhile
                                return new Kept(From.DISK);
                            }
                            Outcome known = fromS3(asked);
                            return known instanceof Kept ? known : fetch(asked, null);
                        });
        return answer(asked, fetch);
    }

    private Answer changing(Asked asked, boolean mayFetch) throws TierException {
        Known known = onDisk(asked);
        if (known != null) {
            Duration age = Duration.between(known.hit().entry().time(), clock.instant());
            if (!mayFetch || age.compareTo(refreshAfter) < 0) {
                return known.answer(From.DISK, asked);
            }
            if (!known.isAbsent() && age.compareTo(refreshAfter.multipliedBy(STALE_FACTOR)) < 0) {
                Thread.ofVirtual().name("module-refresh").start(() -> refresh(asked, known));
                return known.answer(From.STALE, asked);
            }
        }
        Outcome fetch =
                mayFetch
                        ? fetches.run(asked.key(), () -> fetch(asked, known))
                        : notKept(asked.file());
        if (mayFetch && !(fetch instanceof Answer.Refused refused && refused.isFailure())) {
            return answer(asked, fetch);
        }
        if (known != null) {
            return known.answer(From.STALE, asked);
        }
        for (Asked each : List.of(asked, asked.absence())) {
            if (kept.run(each.key(), () -> fromS3(each)) instanceof Kept) {
                Known found = onDisk(asked);
                return found == null ? answer(asked, fetch) : found.answer(From.S3, asked);
            }
        }
        return answer(asked, fetch);
    }

    /** The newest of what is on disk about a file that changes; that may be that there was none. */
    private record Known(Hit hit, boolean isAbsent) {

        Answer answer(From from, Asked asked) throws TierException {
            if (!isAbsent) {
                return asked.found(hit, from);
            }
            try (InputStream in = hit.content().open()) {
                return new Answer.Refused(NOT_FOUND, Download.text(in));
            } catch (IOException e) {
                throw new TierException.LocalRead("read what is absent: " + e, e);
            }
        }
    }

    private @Nullable Known onDisk(Asked asked) {
        Hit there = store.onDisk(asked.key()).orElse(null);
        Hit gone = store.onDisk(asked.absence().key()).orElse(null);
        if (there == null || (gone != null && gone.entry().time().isAfter(there.entry().time()))) {
            return gone == null ? null : new Known(gone, true);
        }
        return new Known(there, false);
    }

    private void refresh(Asked asked, Known known) {
        try {
            fetches.run(asked.key(), () -> fetch(asked, known));
        } catch (TierException | RuntimeException e) {
            log.warn("refresh of %s: %s".formatted(asked.file().name(), e.getMessage()));
        }
    }

    private Answer answer(Asked asked, Outcome outcome) {
        return switch (outcome) {
            case Answer.Refused refused -> refused;
            case Kept(From from) ->
                    store.onDisk(asked.key())
                            .<Answer>map(hit -> asked.found(hit, from))
                            .orElseGet(() -> new Answer.Refused(DISK_FULL, DISK_FULL_TEXT));
        };
    }

    private Outcome fromS3(Asked asked) throws TierException {
        ModuleFile file = asked.file();
        return toDisk(
                download -> {
                    Optional<RemoteFile> found =
                            store.fetch(asked.key(), file.kind().maxBytes, download);
                    if (found.isEmpty()) {
                        return notKept(file);
                    }
                    String wrong = wrong(asked, download);
                    if (wrong != null) {
                        String refusal = "%s, of S3: %s".formatted(file.name(), wrong);
                        log.warn("[s3] %s; upstreams are asked".formatted(refusal));
                        metrics.refused(refusal);
                        return notKept(file);
                    }
                    store.fill(asked.key(), download, found.get());
                    return new Kept(From.S3);
                });
    }

    private static Outcome notKept(ModuleFile file) {
        return new Answer.Refused(
                NOT_FOUND, "not found: %s is not in the cache".formatted(file.name()));
    }

    private Outcome fetch(Asked asked, @Nullable Known known) throws TierException {
        return asked.source().upstreams().isEmpty()
                ? new Answer.Refused(
                        NOT_FOUND,
                        "not found: the service has no upstream for modules: set cache-server.modules.upstream to what GOPROXY would be without it")
                : toDisk(download -> fetch(asked, known, download));
    }

    private Outcome fetch(Asked asked, @Nullable Known known, Download download)
            throws TierException, DiskException {
        String name = asked.file().name();
        boolean wasThere = known != null && !known.isAbsent();
        switch (upstreams.fetch(asked.source(), asked.file(), download)) {
            case UpstreamClient.Answer.Absent(int _, String text) -> {
                if (!asked.file().kind().isImmutable) {
                    boolean changed = known == null || wasThere;
                    ActionKey absence = asked.absence().key();
                    store.put(absence, download, clock.instant(), asked.by(), changed);
                }
                return new Answer.Refused(NOT_FOUND, text.isEmpty() ? "not found: " + name : text);
            }
            case Upstreams.Forbidden _ -> {
                return new Answer.Refused(
                        FORBIDDEN,
                        name + " is not in the cache, and the list of upstreams ends in off");
            }
            case UpstreamClient.Answer.Failed(String why, boolean _) -> {
                return new Answer.Refused(BAD_GATEWAY, "%s: %s".formatted(name, why));
            }
            case UpstreamClient.Answer.Fetched _ -> {}
        }
        String wrong = wrong(asked, download);
        if (wrong != null) {
            String refusal = "%s is refused: %s".formatted(name, wrong);
            log.warn(refusal);
            metrics.refused("%s: %s".formatted(name, wrong));
            return new Answer.Refused(BAD_GATEWAY, refusal);
        }
        boolean changed =
                known == null || !wasThere || !known.hit().entry().output().equals(download.id());
        store.put(asked.key(), download, clock.instant(), asked.by(), changed);
        return new Kept(From.UPSTREAM);
    }

    private interface Fill {
        Outcome from(Download download) throws TierException, DiskException;
    }

    /** Says it where the disk is what fails. */
    private Outcome toDisk(Fill fill) throws TierException {
        try (Download download = store.download()) {
            return fill.from(download);
        } catch (DiskException | TierException.LocalWrite e) {
            log.warn(String.valueOf(e.getMessage()));
            return new Answer.Refused(DISK_FULL, DISK_FULL_TEXT);
        } catch (QuotaExceededException e) {
            return new Answer.Refused(TOO_MANY, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String wrong(Asked asked, Download download) throws TierException {
        ModuleFile file = asked.file();
        try {
            return switch (file.kind()) {
                case INFO, LATEST, QUERY -> file.wrongInfo(download.bytes());
                case SUM_LOOKUP ->
                        file.recordedHash(download.bytes()) == null
                                ? "the record does not name the module's zip"
                                : null;
                case ZIP ->
                        wrongSum(
                                asked,
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
    private @Nullable String wrongSum(Asked asked, String hash) throws TierException {
        if (checksumDatabase.isEmpty() || !asked.source().isPublic()) {
            return null;
        }
        ModuleFile zip = asked.file();
        ModuleFile lookup = ModuleFile.lookup(checksumDatabase, zip.module(), zip.version());
        Asked record = new Asked(source(lookup), lookup, Provenance.UNKNOWN);
        if (!(immutable(record, true) instanceof Answer.Found(Hit hit, From _, boolean _))) {
            metrics.unchecked();
            return null;
        }
        try (InputStream in = hit.content().open()) {
            String expected = zip.recordedHash(in.readAllBytes());
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
}
