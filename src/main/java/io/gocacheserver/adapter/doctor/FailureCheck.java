package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.report.FailureLog;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Failures of recent builds, which the builds themselves say only on a terminal. */
final class FailureCheck implements Runnable {

    private static final Duration RECENT = Duration.ofDays(7);
    private static final int SHOWN = 3;

    /** Up to the seconds. */
    private static final int TIME_CHARACTERS = 19;

    private final FailureLog log;
    private final Findings findings;

    FailureCheck(String cacheDir, Findings findings) {
        this.log = new FailureLog(cacheDir, InstantSource.system());
        this.findings = findings;
    }

    @Override
    public void run() {
        List<String> lines = log.since(RECENT);
        if (lines.isEmpty()) {
            findings.ok("no build here met a failure in the last " + RECENT.toDays() + " days");
            return;
        }
        if (lines.size() > SHOWN) {
            findings.warning(lines.size() + " failures met builds here lately, see " + log.file());
        }
        for (String line : lines.subList(Math.max(0, lines.size() - SHOWN), lines.size())) {
            String time = line.substring(0, TIME_CHARACTERS);
            findings.warning("a build at " + time + "Z: " + line.substring(line.indexOf(' ') + 1));
        }
    }
}
