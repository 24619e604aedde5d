package io.gocacheserver.page;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.Overview;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is wrong right now, the worst first, and what to do about each. It agrees with the chart's alerts, where there is one
 * for the same.
 */
final class Problems {

    /**
     * One thing that is wrong, by a stable name. It is {@code bad} if builds go without the cache, or will, and a {@code
     * warning} if they get less from it than they could.
     */
    record Found(String kind, String severity, String text, String advice) {}

    record Project(String module, long builds, long gets, long hits, @Nullable String reason) {

        Project and(Project other) {
            return new Project(
                    module, builds + other.builds, gets + other.gets, hits + other.hits, reason);
        }
    }

    /** What builds said of the last week: all projects, and how many builds of the last day had trouble, with the latest failure. */
    record Week(List<Project> projects, long suffered, @Nullable String failure) {}

    private static final Pattern LIBRARIES =
            Pattern.compile(" \\(SDK Attempt Count: \\d+\\)|, Request ID: null");

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LATE = Duration.ofMinutes(30);
    private static final long FEW_BUILDS = 5;
    private static final long FEW_GETS = 200;

    private static final Map<String, String> NEVER_HITS =
            Map.of(
                    "never-seen",
                    "Nothing that it needs was ever put: its clients may only read. Let one job put, such as that of the main"
                            + " branch, with a token of access read-write.",
                    "settings-differ",
                    "Its builds differ in Go version, flags or tags from those that put. Build with the same settings; a"
                            + " build's page shows which differ.",
                    "sources-changed",
                    "What it compiles first changes with every build, so all else does: look for generated files, -ldflags"
                            + " with a version, or checkouts in different folders without -trimpath.",
                    "evicted",
                    "What it needs was there and has been evicted. Raise cache-server.disk.max-size, or add a bucket.",
                    "not-uploaded",
                    "Its builds made it all before, and could not or may not put it: give one of them a token of access"
                            + " read-write.",
                    "not-cacheable",
                    "Its tests run with flags or read files that make Go not cache them.");

    private final List<Found> found = new ArrayList<>();

    private Problems() {}

    static List<Found> of(
            Overview overview, RemoteState.Known s3, ModuleReport modules, Week week) {
        Problems problems = new Problems();
        problems.lookAtDisk(overview.state(), overview.problem(), overview.disk());
        problems.lookAtS3(s3);
        if (overview.uploads() != null) {
            problems.lookAtUploads(overview.uploads(), s3);
        }
        problems.lookAtModules(modules);
        problems.lookAtBuilds(week);
        week.projects().forEach(problems::lookAtProject);
        problems.found.sort(Comparator.comparing(Found::severity)); // bad before warning
        return List.copyOf(problems.found);
    }

    private void lookAtDisk(String state, @Nullable String problem, Overview.Disk disk) {
        String why = problem == null ? "the log says why." : sentence(problem);
        switch (state) {
            case "full" ->
                    bad(
                            "disk-full",
                            "The disk is full: " + why,
                            "Gets are answered, Puts refused with 507. Make room on the volume, or raise"
                                    + " cache-server.disk.max-size.");
            case "read_only" ->
                    bad(
                            "disk-read-only",
                            "The disk cannot be written: " + why,
                            "Gets are answered, Puts refused with 507. Make the directory of"
                                    + " cache-server.disk.path writable.");
            case "unavailable" ->
                    bad(
                            "disk-unavailable",
                            "The disk cannot be used: " + why,
                            "Only S3 can answer, if there is one. Bring the directory of cache-server.disk.path"
                                    + " back, or restart the service.");
            default -> lookAtTurnover(disk);
        }
        long damaged = sum(disk.corruptions());
        if (damaged > 0) {
            warn(
                    "objects-damaged",
                    many(damaged, "object was", "objects were")
                            + " found damaged on the disk since the start, and removed.",
                    "No build has seen them. A few after a loss of power are usual; otherwise check the disk.");
        }
    }

    /**
     * A disk that evicts what was used within a day holds less than a day of builds. What it would need for one is reckoned by
     * the time that it holds, which is more than enough where builds use the same again; at most 24 times what it has.
     */
    private void lookAtTurnover(Overview.Disk disk) {
        Duration oldest = disk.oldestIdle();
        long evicted = 0;
        for (Map.Entry<String, Overview.Evicted> each : disk.evictions().entrySet()) {
            evicted += each.getKey().equals("age") ? 0 : each.getValue().stored().bytes();
        }
        if (oldest == null || oldest.compareTo(DAY) >= 0 || evicted == 0) {
            return;
        }
        Duration held = oldest.compareTo(HOUR) < 0 ? HOUR : oldest;
        double times = (double) DAY.toSeconds() / held.toSeconds();
        long more = (long) (disk.directory().bytes() * (times - 1));
        long free = disk.volumeFree().bytes();
        warn(
                "disk-turns-over",
                "The disk is too small for a day of builds: it evicts what was used %s ago."
                        .formatted(duration(oldest)),
                "Raise cache-server.disk.max-size by %s, to about %s.%s"
                        .formatted(
                                ByteSize.format(more),
                                ByteSize.format(disk.limit().bytes() + more),
                                free < more
                                        ? " The volume has %s free, so it has to grow too."
                                                .formatted(ByteSize.format(free))
                                        : ""));
    }

    private void lookAtS3(RemoteState.Known s3) {
        if (!s3.state().equals("down")) {
            return;
        }
        String error =
                s3.error() == null
                        ? "The log says why."
                        : sentence(s3.error().replace("[s3] ", ""));
        switch (s3.cause() == null ? "outage" : s3.cause()) {
            case "settings" ->
                    bad("s3-refuses", "S3 refuses this service, so nothing is shared.", error);
            case "uploads" ->
                    bad(
                            "uploads-fail",
                            "S3 can be read, but takes no upload.",
                            error + permission(error));
            default -> bad("s3-away", "S3 does not answer, so nothing is shared.", error);
        }
    }

    /** S3 says no more than 403 of a permission that is missing. */
    private static String permission(String error) {
        return error.contains("403") || error.contains("AccessDenied")
                ? " Allow s3:PutObject for all keys below cache-server.s3.key-prefix."
                : "";
    }

    private void lookAtUploads(Overview.Uploads uploads, RemoteState.Known s3) {
        long waiting = uploads.queued() + uploads.running();
        if (!s3.state().equals("down") && uploads.oldest().compareTo(LATE) > 0) {
            warn(
                    "uploads-late",
                    "Uploads to S3 fall behind: %s, the oldest for %s."
                            .formatted(
                                    many(waiting, "object waits", "objects wait"),
                                    duration(uploads.oldest())),
                    "Other replicas lack them until then. Raise cache-server.s3.upload-concurrency, or look at what"
                            + " slows S3 down.");
        }
        long lost = uploads.dropped() + sum(uploads.givenUp());
        if (lost > 0) {
            warn(
                    "uploads-lost",
                    many(lost, "upload was", "uploads were") + " given up since the start.",
                    "These objects are on this replica's disk only, until they are put again. The log says why.");
        }
    }

    private void lookAtModules(ModuleReport modules) {
        modules.upstreams().stream()
                .filter(upstream -> upstream.state().equals("down"))
                .forEach(this::lookAtUpstream);
        if (modules.refused() == 0) {
            return;
        }
        String files =
                many(modules.refused(), "file of a Go module was", "files of Go modules were");
        String latest = modules.refusal() == null ? "" : stopped(modules.refusal());
        String advice =
                latest.contains("SECURITY ERROR")
                        ? "Somebody has changed the version or what is served for it: have builds use another"
                                + " version, ask its authors and the upstream's operator, and leave the check on."
                        : "None of them was kept or served. If it comes back, look at the upstream, or at what else"
                                + " writes to the bucket.";
        warn(
                "modules-refused",
                files + " refused since the start.",
                "The latest: %s %s".formatted(latest, advice));
    }

    private void lookAtUpstream(ModuleReport.Upstream upstream) {
        String failure = upstream.failure() == null ? "" : upstream.failure();
        String advice =
                failure.contains("answers 401") || failure.contains("answers 403")
                        ? "Give it valid credentials: cache-server.modules.upstreams[n].credentials names their file."
                        : "Look at it and at the network to it, or name another one after | in"
                                + " cache-server.modules.upstream.";
        String requests = many(upstream.failures(), "request", "requests");
        bad(
                "modules-upstream-fails",
                "An upstream of Go modules fails, so builds get only what the cache has of it: %s."
                        .formatted(upstream.url()),
                "Its latest %s: %s %s".formatted(requests, stopped(failure), advice));
    }

    private void lookAtBuilds(Week week) {
        if (week.suffered() == 0) {
            return;
        }
        warn(
                "builds-suffered",
                many(week.suffered(), "build", "builds")
                        + " of the last 24 hours had trouble with the cache: requests failed, or objects did not reach it.",
                (week.failure() == null ? "" : "The latest: " + sentence(week.failure()) + " ")
                        + "See the first in the list of builds; go-cache-adapter doctor, on the same machine, says what to do.");
    }

    private void lookAtProject(Project project) {
        if (project.hits() > 0 || project.builds() < FEW_BUILDS || project.gets() < FEW_GETS) {
            return;
        }
        String name =
                project.module().isEmpty() ? "What is built outside modules" : project.module();
        String builds = many(project.builds(), "build", "builds");
        String gets = many(project.gets(), "Get", "Gets");
        warn(
                "never-hits",
                "%s never hits: %s in a week, %s, all missed.".formatted(name, builds, gets),
                NEVER_HITS.getOrDefault(
                        project.reason() == null ? "" : project.reason(),
                        "Either its clients may read but not put, or each builds with other settings, or in another folder"
                                + " without -trimpath: the page of one of its builds says which."));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void bad(String kind, String text, String advice) {
        found.add(new Found(kind, "bad", text, advice));
    }

    private void warn(String kind, String text, String advice) {
        found.add(new Found(kind, "warning", text, advice));
    }

    private static String many(long number, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : more);
    }

    private static String duration(Duration duration) {
        if (duration.compareTo(HOUR) < 0) {
            return Math.max(1, duration.toMinutes()) + " min";
        }
        return duration.compareTo(DAY) < 0 ? duration.toHours() + " h" : duration.toDays() + " d";
    }

    /** With a capital and a full stop, and without what libraries say of themselves. */
    private static String sentence(String text) {
        String stripped = LIBRARIES.matcher(text).replaceAll("").strip();
        if (stripped.isEmpty()) {
            return stripped;
        }
        return stopped(Character.toUpperCase(stripped.charAt(0)) + stripped.substring(1));
    }

    private static String stopped(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
