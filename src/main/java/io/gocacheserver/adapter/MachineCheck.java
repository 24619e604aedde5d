package io.gocacheserver.adapter;

import io.gocacheserver.adapter.Doctor.Findings;
import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.system.ChildProcess;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.wire.GoFlags;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the cache directory is there, ours, writable, roomy and local; and whether the Go command knows
 * GOCACHEPROG, has it set, uses the same directory, and shares results between paths.
 */
record MachineCheck(Map<String, String> environment, String cacheDir, Findings findings) {

    private static final long LITTLE_SPACE = 1_000_000_000L;
    private static final int FIRST_WITH_HELPERS = 24;

    /** {@code go1.26.8}, with the number that matters. */
    private static final Pattern RELEASE = Pattern.compile("go1\\.([0-9]{1,9}).*");

    void checkDirectory() {
        Path directory = Path.of(cacheDir);
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

    void checkGo() {
        List<String> values =
                GoInvocation.goEnv(
                        List.of("GOVERSION", "GOCACHE", "GOCACHEPROG", "GOFLAGS", "GOEXPERIMENT"));
        if (values == null) {
            findings.warning("no 'go' on PATH answers: what follows of it was not checked");
            return;
        }
        checkVersion(values.get(0), values.get(4));
        checkProgram(values.get(2));
        if (new File(values.get(1)).equals(new File(cacheDir))) {
            findings.ok("the adapter and native builds share one directory");
        } else {
            findings.warning(
                    "the adapter uses %s, native builds use %s: neither finds what the other has made"
                            .formatted(cacheDir, values.get(1)));
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
                    "Go "
                            + version
                            + " knows no GOCACHEPROG, unless it is 1.21 or newer and was built with"
                            + " GOEXPERIMENT=cacheprog: use Go 1.24 or newer");
        }
    }

    private void checkProgram(String program) {
        if (program.isBlank()) {
            findings.warning(
                    "GOCACHEPROG is not set here: export GOCACHEPROG=\"go-cache-adapter --server URL\"");
            return;
        }
        findings.ok("GOCACHEPROG is set");
        String file = GoFlags.split(program).getFirst();
        if (!isProgram(file)) {
            findings.problem("GOCACHEPROG names " + file + ", which is no program: use its path");
        }
    }

    private boolean isProgram(String file) {
        return file.indexOf('/') >= 0 || file.indexOf(File.separatorChar) >= 0
                ? new File(file).canExecute()
                : ChildProcess.find(file, environment) != null
                        || ChildProcess.find(file + ".exe", environment) != null;
    }
}
