package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.adapter.zstd.ZstdDecoders;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All checks, one after another, each within a limit: a disk on the network that hangs must not hang the doctor.
 *
 * @param remarks what to say about the environment and the command line, a sentence each
 */
record Doctor(
        Options options,
        Options.Resident resident,
        Map<String, String> environment,
        List<String> remarks) {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration RECENT = Duration.ofDays(7);
    private static final int SHOWN = 3;
    private static final int TIME_CHARACTERS = 19; // up to the seconds

    /** Prints a line for each check, and one at the end; whether no problem was found. */
    boolean examine(PrintStream out, String version) {
        Findings findings = new Findings(out);
        findings.ok("adapter " + version + ", Java " + System.getProperty("java.version"));
        for (String sentence : remarks) {
            findings.warning(sentence);
        }
        run("service", findings, new ServiceCheck(options, findings, version));
        MachineCheck machine = new MachineCheck(environment, options.cacheDir(), findings);
        run("cache directory", findings, machine::checkDirectory);
        run("failures", findings, () -> checkFailures(findings));
        run("Go", findings, machine::checkGo);
        run("zstd", findings, () -> checkZstd(findings));
        run("resident process", findings, () -> checkResident(findings));
        return findings.sumUp();
    }

    /** Of recent builds, which say them only on a terminal. */
    private void checkFailures(Findings findings) {
        FailureLog log = new FailureLog(options.cacheDir(), InstantSource.system());
        List<String> lines = log.since(RECENT);
        if (lines.isEmpty()) {
            findings.ok("no build here met a failure in the last " + RECENT.toDays() + " days");
        } else if (lines.size() > SHOWN) {
            findings.warning(lines.size() + " failures met builds here lately, see " + log.file());
        }
        for (String line : lines.subList(Math.max(0, lines.size() - SHOWN), lines.size())) {
            String time = line.substring(0, TIME_CHARACTERS);
            findings.warning("a build at " + time + "Z: " + line.substring(line.indexOf(' ') + 1));
        }
    }

    private static void checkZstd(Findings findings) {
        ZstdDecoders decoders = new ZstdDecoders(System.getProperty("ZstdNativePath"));
        if (decoders.available()) {
            findings.ok("zstd: objects come compressed");
            return;
        }
        String problem = decoders.problem();
        findings.warning(
                "zstd is not usable here, so objects come uncompressed, some three times as large"
                        + (problem == null ? "" : ": " + problem));
    }

    /** Builds work without one. */
    private void checkResident(Findings findings) {
        try {
            SocketFiles files = SocketFiles.of(resident.socket(), environment);
            if (!Files.exists(files.socket())) {
                findings.ok(
                        "no resident process at " + files.socket() + ": each build starts its own");
            } else if (Control.isRunning(files)) {
                findings.ok("a resident process listens at " + files.socket());
            } else {
                findings.warning(
                        "nobody listens at %s: remove it, or start 'go-cache-adapter serve'"
                                .formatted(files.socket()));
            }
        } catch (IOException e) {
            findings.ok("no resident process: " + e.getMessage());
        }
    }

    private static void run(String name, Findings findings, Runnable check) {
        FutureTask<Void> task = new FutureTask<>(check, null);
        Thread.ofPlatform().daemon().name("check " + name).start(task);
        try {
            task.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            findings.problem(name + ": no result within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            findings.problem(name + ": the check failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Prints what was found, a line each: {@code ok}, {@code warning} or {@code problem}, what it is, what to do. */
    static final class Findings {

        private final PrintStream out;
        private int problems;
        private int warnings;

        Findings(PrintStream out) {
            this.out = out;
        }

        synchronized void ok(String text) {
            out.println("ok       " + text);
        }

        /** Builds work, but not as well as they could, or perhaps not as meant. */
        synchronized void warning(String text) {
            warnings++;
            out.println("warning  " + text);
        }

        /** The cache does not work. */
        synchronized void problem(String text) {
            problems++;
            out.println("problem  " + text);
        }

        synchronized boolean sumUp() {
            String warned = warnings == 1 ? "1 warning." : warnings + " warnings.";
            String found = problems == 1 ? "1 problem, " : problems + " problems, ";
            String all = warnings == 0 ? "All is well." : "No problem, " + warned;
            out.println(problems == 0 ? all : found + warned);
            out.flush();
            return problems == 0;
        }
    }
}
