package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.ResidentOptions;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All checks, one after another, each within a limit: a disk on the network that hangs must not hang the doctor. */
public final class Doctor {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Options options;
    private final ResidentOptions resident;
    private final Map<String, String> environment;
    private final List<String> remarks;

    /** @param remarks what to say about the environment and the command line, a sentence each */
    public Doctor(
            Options options,
            ResidentOptions resident,
            Map<String, String> environment,
            List<String> remarks) {
        this.options = options;
        this.resident = resident;
        this.environment = environment;
        this.remarks = remarks;
    }

    /** Prints a line for each check, and one at the end; whether no problem was found. */
    public boolean examine(PrintStream out, String version) {
        Findings findings = new Findings(out);
        findings.ok("adapter " + version + ", Java " + System.getProperty("java.version"));
        for (String sentence : remarks) {
            findings.warning(sentence);
        }
        run("service", findings, new ServiceCheck(options, findings, version));
        run("cache directory", findings, new DirectoryCheck(options.cacheDir(), findings));
        run("failures", findings, new FailureCheck(options.cacheDir(), findings));
        run("Go", findings, new GoCheck(environment, options.cacheDir(), findings));
        run("zstd", findings, new ZstdCheck(findings));
        run("resident process", findings, new ResidentCheck(resident, environment, findings));
        return findings.sumUp();
    }

    private static void run(String name, Findings findings, Runnable check) {
        FutureTask<Void> task = new FutureTask<>(check, null);
        Thread thread = new Thread(task, "check " + name);
        thread.setDaemon(true);
        thread.start();
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
}
