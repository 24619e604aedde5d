package io.gocacheserver.adapter.doctor;

import io.gocacheserver.model.ByteSize;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Whether the cache directory is there, ours, writable, roomy, local, and lets programs run. */
final class DirectoryCheck implements Runnable {

    private static final long LITTLE_SPACE = 1_000_000_000L;
    private static final long RUN_LIMIT_SECONDS = 5;

    private final Path directory;
    private final Findings findings;

    DirectoryCheck(String directory, Findings findings) {
        this.directory = Path.of(directory);
        this.findings = findings;
    }

    @Override
    public void run() {
        String name = "cache directory " + directory;
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
            checkOwner(name);
            checkStore(name);
            checkRuns(name, probe);
        } catch (IOException e) {
            findings.problem(name + ": " + e);
        } finally {
            delete(probe);
        }
    }

    private void checkOwner(String name) {
        String owner = owner();
        if (!owner.equals(System.getProperty("user.name"))) {
            findings.warning(
                    name + " belongs to " + owner + ": others may not find what you put into it");
        }
    }

    private String owner() {
        try {
            return Files.getOwner(directory).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "nobody known";
        }
    }

    private void checkStore(String name) throws IOException {
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
    private void checkRuns(String name, Path probe) throws IOException {
        Files.writeString(probe, "#!/bin/sh\nexit 0\n");
        if (!Files.isExecutable(Path.of("/bin/sh")) || !probe.toFile().setExecutable(true)) {
            return;
        }
        try {
            Process process = new ProcessBuilder(probe.toString()).start();
            if (!process.waitFor(RUN_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            findings.warning(
                    name
                            + " is mounted noexec: native 'go run' and 'go tool' cannot start"
                            + " programs from it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path probe) {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            // A few bytes that say in their name what they are.
        }
    }
}
