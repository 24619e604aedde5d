package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.profile.GoBuild;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.protocol.ProtocolException;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;
import io.gocacheserver.adapter.remote.service.BuildsClient;
import io.gocacheserver.adapter.report.JobSummary;
import io.gocacheserver.adapter.report.PackageNames;
import io.gocacheserver.adapter.report.StatsText;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.Session;
import io.gocacheserver.adapter.session.SessionReport;
import io.gocacheserver.adapter.session.Tally;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The sessions of a resident process. Those with the same service and settings share connections, circuit breakers and
 * threads. Uploads do not hold up the end of a build; they go on behind it.
 */
final class SharedSessions {

    /** Each upload has its own timeouts, so that many of them end by then even if the service hangs. */
    private static final Duration UPLOADS_AT_MOST = Duration.ofMinutes(30);

    /** For interrupted threads to count the uploads that they leave. */
    private static final Duration CANCEL = Duration.ofSeconds(1);

    private static final int KEPT_OPEN = 8;

    private final InstantSource clock = InstantSource.system();
    private final String version;
    private final Map<Object, Backend> open = new LinkedHashMap<>(); // in the order of last use
    private final Tally total = new Tally();
    private final JobSummary summary = new JobSummary();
    private final PackageNames names = new PackageNames();
    private final Set<Thread> working = new HashSet<>();
    private long started;
    private int running;
    private int notUploaded;
    private boolean cancelled;

    SharedSessions(String version) {
        this.version = version;
    }

    /**
     * Serves one Go command to its end, and then waits for its uploads and cleans up behind it.
     *
     * @param watched whether a person watches it on a terminal
     * @param over run when the Go command needs nothing more
     */
    void serve(
            Options options,
            GoInvocation command,
            boolean watched,
            RequestReader requests,
            ResponseWriter responses,
            boolean greeted,
            PrintStream err,
            Runnable over) {
        long number = begin();
        Backend backend = acquire(options);
        try {
            GoBuild build = new GoBuild(command, command.environment(), options.profile());
            Reporter reporter = OneShot.reporter(options, version, build, err, () -> watched);
            String unique = ProcessHandle.current().pid() + "-" + number;
            NativeCache disk = new NativeCache(options.cacheDir(), unique, clock);
            Session session =
                    backend.session(
                            options, requests, responses, disk, build, greeted, true, false,
                            reporter);
            try {
                session.run();
            } catch (ProtocolException e) {
                reporter.say(String.valueOf(e.getMessage()));
            }
            backend.warnOfCredentials(reporter);
            over.run();
            SessionReport report = session.report(drain(session));
            if (report != null) {
                summary.add(report, command);
            }
            ReportedBuild reported = ReportedBuild.of(options, report, build);
            if (reported != null) {
                tell(reported, session, disk, backend);
            }
            disk.tidy(options.cacheMaxSize());
        } finally {
            release(backend);
        }
    }

    /** Tells the service of a build, and what its actions were for. */
    private void tell(ReportedBuild reported, Session session, NativeCache disk, Backend backend) {
        synchronized (this) {
            if (cancelled) {
                return;
            }
        }
        BuildsClient.Told told = reported.tell(backend, version);
        summary.addSaved(told.savedMillis());
        interruptible(
                () -> {
                    summary.addCauses(
                            reported.name(told.id(), names, session.used().all(), disk, backend));
                    return 0;
                });
    }

    private int drain(Session session) {
        int undone = interruptible(() -> session.drain(UPLOADS_AT_MOST));
        synchronized (this) {
            notUploaded += undone;
            total.add(session.tally());
        }
        return undone;
    }

    /** Does work that the end of the process need not wait for. */
    private int interruptible(IntSupplier work) {
        Thread self = Thread.currentThread();
        synchronized (this) {
            working.add(self);
            if (cancelled) {
                self.interrupt();
            }
        }
        int result = work.getAsInt();
        synchronized (this) {
            working.remove(self);
        }
        boolean interrupted = Thread.interrupted();
        assert !interrupted || result >= 0;
        return result;
    }

    private synchronized long begin() {
        running++;
        return ++started;
    }

    /** One backend serves all sessions that have the same service, token and settings. */
    private synchronized Backend acquire(Options options) {
        Backend backend = open.remove(options.shared());
        if (backend == null) {
            backend = new Backend(options, version);
            backend.connectAhead();
        }
        backend.sessions++;
        open.put(options.shared(), backend);
        return backend;
    }

    /** Ends a session; a few backends stay open for the next ones. */
    private synchronized void release(Backend used) {
        used.sessions--;
        Iterator<Backend> oldest = open.values().iterator();
        while (open.size() > KEPT_OPEN && oldest.hasNext()) {
            Backend candidate = oldest.next();
            if (candidate.sessions == 0) {
                oldest.remove();
                candidate.close();
            }
        }
        running--;
        notifyAll();
    }

    /** Waits for all sessions and uploads, and cancels those left. Says what was done since the start. */
    synchronized LaunchServer.WorkReport end(Duration timeout) {
        await(timeout);
        cancelled = true;
        for (Thread thread : working) {
            thread.interrupt();
        }
        if (!working.isEmpty()) {
            await(CANCEL);
        }
        return report();
    }

    private void await(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            for (long left = timeout.toNanos(); running > 0 && left > 0; ) {
                wait(left / 1_000_000 + 1);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LaunchServer.WorkReport report() {
        SessionReport all = total.report(notUploaded);
        StringBuilder text = new StringBuilder("served ");
        text.append(started).append(started == 1 ? " go command" : " go commands");
        if (started > 0) {
            text.append(": ").append(StatsText.totals(all));
        }
        if (running > 0) {
            text.append(", ").append(running).append(" still running, and served to their end");
        }
        if (started > 0) {
            text.append('\n').append(summary.lines(all));
        }
        String failures = StatsText.failures(all);
        return new LaunchServer.WorkReport(text.toString(), failures == null ? "" : failures);
    }
}
