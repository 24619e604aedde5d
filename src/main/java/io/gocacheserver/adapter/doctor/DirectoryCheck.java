package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.doctor.Doctor.Findings;
import io.gocacheserver.adapter.system.ChildProcess;
import io.gocacheserver.model.ByteSize;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Whether the cache directory is there, ours, writable, roomy, local, and lets programs run. */
final class DirectoryCheck implements Runnable {

    private static final long LITTLE_SPACE = 1_000_000_000L;
    private static final Duration RUN_LIMIT = Duration.ofSeconds(5);

    private final Path directory;
    private final String name;
    private final Findings findings;

    DirectoryCheck(String directory, Findings findings) {
        this.directory = Path.of(directory);
        this.name = "cache directory " + directory;
        this.findings = findings;
    }

    @Override
    public void run() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            findings.problem(name + " cannot be created: pass another one with --cache-dir");
            return;
        }
        Path probe;
        try {
            probe = Files.createTempFile(directory, "go-cache-adapter-", ".doctor");
        } catch (IOException e) {
            findings.problem(
                    name + " cannot be written: make it writable, or pass another one: " + owner());
            return;
        }
        try {
            findings.ok(name + " can be written");
            String owner = owner();
            if (!owner.equals(System.getProperty("user.name"))) {
                findings.warning(
                        name
                                + " belongs to "
                                + owner
                                + ": others may not find what you put into it");
            }
            checkStore();
            checkRuns(probe);
        } catch (IOException e) {
            findings.problem(name + ": " + e);
        } finally {
            boolean removed = probe.toFile().delete();
            assert removed || Files.notExists(probe);
        }
    }

    private String owner() {
        try {
            return Files.getOwner(directory).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "nobody known";
        }
    }

    private void checkStore() throws IOException {
        FileStore store = Files.getFileStore(directory);
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

    /** Go's own cache also holds programs, which {@code go run} and {@code go tool} start from there. */
    private void checkRuns(Path probe) throws IOException {
        Files.writeString(probe, "#!/bin/sh\nexit 0\n");
        if (!Files.isExecutable(Path.of("/bin/sh")) || !probe.toFile().setExecutable(true)) {
            return;
        }
        try {
            ChildProcess.run(
                    new ProcessBuilder(probe.toString()), StandardCharsets.UTF_8, RUN_LIMIT);
        } catch (IOException e) {
            findings.warning(
                    name
                            + " is mounted noexec: native 'go run' and 'go tool' cannot start programs from it");
        }
    }
}
