package io.gocacheserver.adapter.checkout;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sets the times of one checkout's files and folders. It follows no symbolic link, and looks into no folder that Git does not
 * track.
 *
 * <p>A folder's time stands for the names in it, of untracked entries too, for that is when a file system changes it; what the
 * entries contain is in their own times. {@code .git} does not count, which is a folder here and a file there.
 */
final class TimesVisitor extends SimpleFileVisitor<Path> {

    private static final String GIT = ".git";
    private static final char LAST_ASCII = 0x7e;
    private static final long FIRST_SECOND = Instant.parse("1980-01-02T00:00:00Z").getEpochSecond();
    private static final long NANOS = 1_000_000_000;
    private static final int HEX_DIGITS = 15;
    private static final int BITS = 30;

    private final TrackedEntries tracked;
    private final Deque<Folder> folders = new ArrayDeque<>();

    /** The files whose time was another one before, by name. */
    private final Map<String, Path> changed = new LinkedHashMap<>();

    private final List<Path> submodules = new ArrayList<>();

    private int count;
    private int failures;
    private @Nullable IOException failure;

    /** A folder that is being read; its name ends with a slash unless it is the top. */
    private record Folder(String name, List<String> entries, BasicFileAttributes attributes) {}

    TimesVisitor(TrackedEntries tracked) {
        this.tracked = tracked;
    }

    List<Path> submodules() {
        return submodules;
    }

    Map<String, Path> changed() {
        return changed;
    }

    int count() {
        return count;
    }

    /** How many times could not be set, and why; null if there are none. */
    @Nullable String problem() {
        return failure == null ? null : failures + " could not be set: " + failure.getMessage();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        String name = "";
        Folder parent = folders.peek();
        if (parent != null) {
            String entry = nameOf(directory);
            if (entry.equals(GIT)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            parent.entries.add(entry);
            name = parent.name + entry;
            boolean isSubmodule = tracked.submodules().contains(name);
            if (isSubmodule && Files.exists(directory.resolve(GIT), LinkOption.NOFOLLOW_LINKS)) {
                submodules.add(directory);
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (!isSubmodule && !tracked.folders().contains(name)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            name += '/';
        }
        folders.push(new Folder(name, new ArrayList<>(), attributes));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Folder parent = folders.getFirst();
        String entry = nameOf(file);
        if (entry.equals(GIT)) {
            return FileVisitResult.CONTINUE;
        }
        parent.entries.add(entry);
        String name = parent.name + entry;
        String blob = tracked.blobs().get(name);
        if (blob != null && set(file, timeOf(blob), attributes)) {
            changed.put(name, file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        failed(e);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
        Folder folder = folders.pop();
        Collections.sort(folder.entries);
        String names = String.join("/", folder.entries);
        set(directory, timeOf(hash(names)), folder.attributes);
        return FileVisitResult.CONTINUE;
    }

    /** Whether it was another time before. */
    private boolean set(Path path, FileTime time, BasicFileAttributes attributes) {
        try {
            boolean isOther = !attributes.lastModifiedTime().equals(time);
            if (isOther) {
                set(path, time);
            }
            count++;
            return isOther;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /**
     * A time that stands for content: 60 bits of its hash, 30 of which are whole seconds from 1980 to 2014, and 30 the fraction. So a
     * file system that keeps seconds alone still tells a thousand million contents apart. Zip files know no time before 1980.
     *
     * @param hash in hex, 15 digits at least
     */
    private static FileTime timeOf(String hash) {
        long bits = Long.parseLong(hash, 0, HEX_DIGITS, 16);
        long nanos = ((bits & ((1L << BITS) - 1)) * NANOS) >>> BITS;
        return FileTime.from(Instant.ofEpochSecond(FIRST_SECOND + (bits >>> BITS), nanos));
    }

    /** Sets the time of a file, or of a symbolic link itself. */
    static void set(Path path, FileTime time) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, null, null);
    }

    private void failed(IOException e) {
        failures++;
        if (failure == null) {
            failure = e;
        }
    }

    /** Its last name, a char for each byte: where the locale knows ASCII alone, only the URI has the others. */
    private static String nameOf(Path path) {
        String name = path.getFileName().toString();
        int ascii = 0;
        while (ascii < name.length() && name.charAt(ascii) <= LAST_ASCII) {
            ascii++;
        }
        return ascii == name.length() ? name : bytesOf(path);
    }

    private static String bytesOf(Path path) {
        String uri = path.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        int start = uri.lastIndexOf('/', end - 1) + 1;
        StringBuilder bytes = new StringBuilder();
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                c = (char) HexFormat.fromHexDigits(uri, i + 1, i + 3);
                i += 2;
            }
            bytes.append(c);
        }
        return bytes.toString();
    }

    private static String hash(String names) {
        try {
            byte[] bytes = names.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
