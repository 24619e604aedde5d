package io.gocacheserver.adapter;

import io.gocacheserver.adapter.system.ChildProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives what Git tracks times that follow from its content alone, the same in each checkout. The Go command keys results of
 * tests, and indexes of packages, by the size and time of files, and does not keep them for files younger than two seconds.
 *
 * <p>A file's time stands for the ID of its blob, also where Git makes something else of that for the checkout (Git LFS, line
 * ends), as long as {@code git status} does not show it. Modified and untracked files keep theirs; so do those that Git is told to assume
 * unchanged. Git's index is up to date with the times afterwards: {@code git status} need not read the files again.
 *
 * <p>A folder's time stands for the names in it, of untracked entries too, for that is when a file system changes it; what the
 * entries contain is in their own times. {@code .git} does not count, which is a folder here and a file there. Symbolic links are
 * not followed.
 */
final class StableTimes {

    private static final Duration GIT_LIMIT = Duration.ofSeconds(60);
    private static final String GIT = ".git";
    private static final String SUBMODULE = "160000"; // its mode in the index
    private static final int MODE = 2; // where mode and ID stand in a line of the index
    private static final int ID = MODE + SUBMODULE.length() + 1;

    /** Of a file that Git compares with the index, where others are assumed to be unchanged or are not there. */
    private static final char COMPARED = 'H';

    private static final long FIRST_SECOND = Instant.parse("1980-01-02T00:00:00Z").getEpochSecond();
    private static final long NANOS = 1_000_000_000;
    private static final int HEX_DIGITS = 15;
    private static final int BITS = 30;

    private final InstantSource clock;
    private int count;
    private int failures;
    private @Nullable IOException failure;

    StableTimes(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Sets the times of the checkout that {@code directory} lies in, its submodules included: of so many files and folders. An
     * exception says why it is none, or Git failed.
     */
    int set(Path directory) throws IOException {
        Path start = directory.toAbsolutePath();
        // "true", and in the next line the way to the top: empty, or "../" and so on.
        String[] answer =
                git(start, false, "rev-parse", "--is-inside-work-tree", "--show-cdup")
                        .split("\n", -1);
        if (!answer[0].equals("true")) {
            throw new IOException(start + " is not inside a checkout");
        }
        try {
            setCheckout(start.resolve(answer[1]), false);
        } catch (InvalidPathException e) {
            throw new IOException("a name has characters that this locale lacks: " + e.getInput());
        }
        return count;
    }

    /** How many times could not be set, and why; null if there are none. */
    @Nullable String problem() {
        return failure == null ? null : failures + " could not be set: " + failure.getMessage();
    }

    private void setCheckout(Path top, boolean isSubmodule) throws IOException {
        Set<String> modified = modified(top, isSubmodule);
        Map<String, String> blobs = new HashMap<>();
        Set<String> folders = new TreeSet<>();
        List<Path> submodules = new ArrayList<>();
        // Each "H 100644 <id> <stage>\t<name>".
        for (String entry : git(top, isSubmodule, "ls-files", "-s", "-v", "-z").split("\0")) {
            String name = entry.substring(entry.indexOf('\t') + 1);
            if (entry.startsWith(SUBMODULE, MODE)) {
                Path submodule = top.resolve(name);
                if (Files.exists(submodule.resolve(GIT), LinkOption.NOFOLLOW_LINKS)) {
                    submodules.add(submodule);
                } else {
                    folders.add(name);
                }
            } else if (!name.isEmpty() && entry.charAt(0) == COMPARED && !modified.contains(name)) {
                blobs.put(name, entry.substring(ID, entry.indexOf(' ', ID)));
            }
            while (folders.add(parent(name))) {
                name = parent(name);
            }
        }
        Set<String> there = setFolders(top, folders);
        Map<String, Path> changed = new HashMap<>();
        blobs.forEach(
                (name, blob) -> {
                    if (there.contains(parent(name)) && set(top, name, blob)) {
                        changed.put(name, top.resolve(name));
                    }
                });
        if (!changed.isEmpty()) {
            // A file that somebody has written meanwhile must not look like what was there before.
            for (String name : modified(top, isSubmodule)) {
                Path file = changed.get(name);
                if (file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    times(file).setTimes(FileTime.from(clock.instant()), null, null);
                }
            }
        }
        for (Path submodule : submodules) {
            setCheckout(submodule, true);
        }
    }

    /** The name of the folder that this lies in; of the top, whose name is empty, itself. */
    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** The names that {@code git status} shows, staged ones too; the index is up to date afterwards. */
    private static Set<String> modified(Path top, boolean isSubmodule) throws IOException {
        String status =
                git(
                        top,
                        isSubmodule,
                        "status",
                        "--porcelain",
                        "-z",
                        "--untracked-files=no",
                        "--no-renames",
                        "--ignore-submodules=all");
        Set<String> names = new HashSet<>();
        // Each "XY <name>".
        for (String entry : status.split("\0")) {
            names.add(entry.substring(Math.min(3, entry.length())));
        }
        return names;
    }

    /** Sets the times of those that are folders, and no links; these. Each comes after the one that it lies in. */
    private Set<String> setFolders(Path top, Set<String> folders) {
        Set<String> there = new HashSet<>();
        for (String name : folders) {
            Path folder = top.resolve(name);
            if (!(name.isEmpty() || there.contains(parent(name)))
                    || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            there.add(name);
            List<String> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(entry -> entries.add(entry.getFileName().toString()));
            } catch (IOException e) {
                failed(e);
                continue;
            }
            entries.remove(GIT);
            Collections.sort(entries);
            set(top, name, hash(String.join("/", entries)));
        }
        return there;
    }

    /** Whether it was another time before. */
    private boolean set(Path top, String name, String hash) {
        try {
            BasicFileAttributeView times = times(top.resolve(name));
            FileTime time = timeOf(hash);
            boolean isOther = !times.readAttributes().lastModifiedTime().equals(time);
            if (isOther) {
                times.setTimes(time, null, null);
            }
            count++;
            return isOther;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void failed(IOException e) {
        failures++;
        failure = failure == null ? e : failure;
    }

    /** Of a file, or of a symbolic link itself. */
    private static BasicFileAttributeView times(Path path) {
        return Files.getFileAttributeView(
                path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * A time that stands for content: 60 bits of its hash, 30 of which are whole seconds from 1980 to 2014, and 30 the fraction. So a
     * file system that keeps seconds alone still tells a thousand million contents apart. Zip files know no time before 1980.
     */
    private static FileTime timeOf(String hash) {
        long bits = Long.parseLong(hash, 0, HEX_DIGITS, 16);
        long nanos = ((bits & ((1L << BITS) - 1)) * NANOS) >>> BITS;
        return FileTime.from(Instant.ofEpochSecond(FIRST_SECOND + (bits >>> BITS), nanos));
    }

    private static String hash(String names) {
        try {
            byte[] bytes = names.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Runs the {@code git} on {@code PATH}, for what it prints. A submodule is of another repository than the environment may name. */
    private static String git(Path directory, boolean isSubmodule, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder program = new ProcessBuilder(command).directory(directory.toFile());
        // Has 'git status' keep what it finds out, so that the next one is fast.
        program.environment().put("GIT_OPTIONAL_LOCKS", "1");
        if (isSubmodule) {
            List.of(
                            "GIT_DIR",
                            "GIT_WORK_TREE",
                            "GIT_INDEX_FILE",
                            "GIT_PREFIX",
                            "GIT_COMMON_DIR",
                            "GIT_OBJECT_DIRECTORY")
                    .forEach(program.environment()::remove);
        }
        // A name may be no UTF-8: it then names no file, where decoding it outright would fail.
        ChildProcess git = ChildProcess.run(program, StandardCharsets.ISO_8859_1, GIT_LIMIT);
        if (git.exit() != 0) {
            throw new IOException(
                    "git " + arguments[0] + ": " + git.err().strip().split("\n", 2)[0]);
        }
        return new String(git.out().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
