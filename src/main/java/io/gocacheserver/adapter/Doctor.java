package io.gocacheserver.adapter;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.UsageException;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.report.FailureLog;
import io.gocacheserver.adapter.system.ChildProcess;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.wire.GoFlags;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All checks, one after another, each within a limit: a disk on the network that hangs must not hang the doctor. */
record Doctor(
        Options options,
        Options.Resident resident,
        Map<String, String> environment,
        Findings findings) {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration RECENT = Duration.ofDays(7);
    private static final int SHOWN = 3;
    private static final long LITTLE_SPACE = 1_000_000_000L;
    private static final int FIRST_WITH_HELPERS = 24;

    /** {@code go1.26.8}, with the number that matters. */
    private static final Pattern RELEASE = Pattern.compile("go1\\.([0-9]{1,9}).*");

    private static final int TIME_CHARACTERS = 19; // up to the seconds

    /**
     * Reads a command line of {@code doctor}. What it does not say is as builds have it: in the {@code GOCACHEPROG} of the
     * environment, or what {@code go env -w} has noted.
     */
    static Invocation parse(String[] args, Map<String, String> environment) throws UsageException {
        String program = environment.getOrDefault("GOCACHEPROG", "");
        if (program.isEmpty()) {
            List<String> values = GoInvocation.goEnv(List.of("GOCACHEPROG"));
            program = values == null ? "" : values.getFirst();
        }
        return parse(args, environment, program);
    }

    private static Invocation parse(String[] args, Map<String, String> environment, String program)
            throws UsageException {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(1, flagsOf(program));
        try {
            return CommandLine.parse(all.toArray(String[]::new), environment);
        } catch (UsageException e) {
            throw new UsageException(e.getMessage() + " (on the command line or in GOCACHEPROG)");
        }
    }

    /** What to say if builds ask another server than the one that is examined, else null. */
    @Nullable String otherServer(String program) {
        if (flagsOf(program).isEmpty()) {
            return null;
        }
        try {
            Options builds = parse(new String[] {"doctor"}, environment, program).options();
            return builds == null || builds.server().equals(options.server())
                    ? null
                    : "builds ask %s, as GOCACHEPROG says, and not %s, which is examined here"
                            .formatted(builds.server(), options.server());
        } catch (UsageException e) {
            return "builds do not find the service: " + e.getMessage();
        }
    }

    /** What a {@code GOCACHEPROG} has after the name of the adapter; nothing if it names another program. */
    static List<String> flagsOf(String program) {
        List<String> words = GoFlags.split(program);
        return !words.isEmpty()
                        && new File(words.getFirst()).getName().startsWith("go-cache-adapter")
                ? words.subList(1, words.size())
                : List.of();
    }

    /** Prints a line for each check and remark, and one at the end; whether no problem was found. */
    boolean examine(String version, List<String> remarks) {
        findings.ok("adapter " + version + ", Java " + System.getProperty("java.version"));
        remarks.forEach(findings::warning);
        run("service", new ServiceCheck(options, findings, version));
        run("cache directory", this::checkDirectory);
        run("failures", this::checkFailures);
        run("Go", this::checkGo);
        run("zstd", this::checkZstd);
        run("resident process", this::checkResident);
        return findings.sumUp();
    }

    private void checkDirectory() {
        Path directory = Path.of(options.cacheDir());
        String name = "cache directory " + directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            findings.problem(name + " cannot be created: pass another one with --cache-dir");
            return;
        }
        String owner = owner(directory);
        try {
            Files.delete(Files.createTempFile(directory, "go-cache-adapter-", ".doctor"));
            findings.ok(name + " can be written");
        } catch (IOException e) {
            findings.problem(
                    name + " cannot be written: make it writable, or pass another one: " + owner);
            return;
        }
        if (!owner.equals(System.getProperty("user.name"))) {
            findings.warning(
                    name + " belongs to " + owner + ": others may not find what you put into it");
        }
        try {
            checkStore(Files.getFileStore(directory), name);
        } catch (IOException e) {
            findings.problem(name + ": " + e);
        }
    }

    private static String owner(Path directory) {
        try {
            return Files.getOwner(directory).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "nobody known";
        }
    }

    private void checkStore(FileStore store, String name) throws IOException {
        long free = store.getUsableSpace();
        String space = ByteSize.format(free) + " free";
        if (free < LITTLE_SPACE) {
            findings.warning(name + " has only " + space + ": free some, or set --cache-max-size");
        } else {
            findings.ok(name + " has " + space);
        }
        String type = store.type().toLowerCase(Locale.ROOT);
        if (type.startsWith("nfs") || type.contains("cifs") || type.contains("smb")) {
            findings.warning(
                    name + " is on the network (" + type + "), which is slow: use a local disk");
        }
    }

    private void checkGo() {
        List<String> values =
                GoInvocation.goEnv(
                        List.of("GOVERSION", "GOCACHE", "GOCACHEPROG", "GOFLAGS", "GOEXPERIMENT"));
        if (values == null) {
            findings.warning("no 'go' on PATH answers: what follows of it was not checked");
            return;
        }
        checkVersion(values.get(0), values.get(4));
        checkProgram(values.get(2));
        if (new File(values.get(1)).equals(new File(options.cacheDir()))) {
            findings.ok("the adapter and native builds share one directory");
        } else {
            findings.warning(
                    "the adapter uses %s, native builds use %s: neither finds what the other has made"
                            .formatted(options.cacheDir(), values.get(1)));
        }
        if (values.get(3).contains("-trimpath")) {
            findings.ok("GOFLAGS has -trimpath: results do not depend on the directory");
        } else {
            findings.warning(
                    "GOFLAGS has no -trimpath: builds in other directories do not share the"
                            + " program's own packages; set GOFLAGS=-trimpath on all machines");
        }
    }

    private void checkVersion(String version, String experiments) {
        Matcher release = RELEASE.matcher(version);
        int minor = release.matches() ? Integer.parseInt(release.group(1)) : FIRST_WITH_HELPERS;
        if (minor >= FIRST_WITH_HELPERS || experiments.contains("cacheprog")) {
            findings.ok("Go " + version);
        } else {
            findings.problem(
                    "Go %s knows no GOCACHEPROG, unless it is 1.21 or newer and was built with GOEXPERIMENT=cacheprog: use Go 1.24 or newer"
                            .formatted(version));
        }
    }

    private void checkProgram(String program) {
        if (program.isBlank()) {
            findings.warning(
                    "GOCACHEPROG is not set here: export GOCACHEPROG=\"go-cache-adapter --server URL\"");
            return;
        }
        findings.ok("GOCACHEPROG is set");
        String other = otherServer(program);
        if (other != null) {
            findings.warning(other);
        }
        String file = GoFlags.split(program).getFirst();
        if (!isProgram(file)) {
            findings.problem("GOCACHEPROG names " + file + ", which is no program: use its path");
        }
    }

    private boolean isProgram(String file) {
        return new File(file).getParent() != null
                ? new File(file).canExecute()
                : ChildProcess.find(file, environment) != null
                        || ChildProcess.find(file + ".exe", environment) != null;
    }

    /** Of recent builds, which say them only on a terminal. */
    private void checkFailures() {
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

    private void checkZstd() {
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
    private void checkResident() {
        try {
            SocketFiles files = SocketFiles.of(resident.socket(), environment);
            if (!Files.exists(files.socket())) {
                findings.ok(
                        "no resident process at " + files.socket() + ": each build starts its own");
            } else if (LaunchServer.isRunning(files)) {
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

    private void run(String name, Runnable check) {
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
