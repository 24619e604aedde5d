package io.gocacheserver.adapter.checkout;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Map;

/**
 * Gives what Git tracks times that follow from its content alone ({@link TimesVisitor}), the same in each checkout. The Go command
 * keys results of tests, and indexes of packages, by the size and time of files, and does not keep them for files younger than
 * two seconds.
 *
 * <p>A file's time stands for the ID of its blob, also where Git makes something else of that for the checkout (Git LFS, line
 * ends), as long as {@code git status} does not show it. Modified and untracked files keep theirs; so do those that Git is told to assume
 * unchanged. Git's index is up to date with the times afterwards: {@code git status} need not read the files again.
 */
public final class StableTimes {

    private final InstantSource clock;
    private int count;
    private @Nullable String problem;

    public StableTimes(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Sets the times of the checkout that {@code directory} lies in, its submodules included.
     *
     * @return files and folders that have such a time now
     * @throws IOException if it is none, or Git fails; the message says why
     */
    public int set(Path directory) throws IOException {
        Path start = directory.toAbsolutePath();
        // "true", and in the next line the way to the top: empty, or "../" and so on.
        String[] answer =
                new Git(start, false)
                        .run("rev-parse", "--is-inside-work-tree", "--show-cdup")
                        .split("\n", -1);
        if (!answer[0].equals("true")) {
            throw new IOException(start + " is not inside a checkout");
        }
        set(start.resolve(answer[1]), false);
        return count;
    }

    /** How many times could not be set, and why; null if there are none. */
    public @Nullable String problem() {
        return problem;
    }

    private void set(Path top, boolean submodule) throws IOException {
        Git git = new Git(top, submodule);
        TimesVisitor visitor = new TimesVisitor(TrackedEntries.of(git));
        Files.walkFileTree(top, visitor);
        count += visitor.count();
        problem = visitor.problem() == null ? problem : visitor.problem();
        Map<String, Path> changed = visitor.changed();
        if (!changed.isEmpty()) {
            // A file that somebody has written meanwhile must not look like what was there before.
            for (String name : TrackedEntries.modified(git)) {
                Path file = changed.get(name);
                if (file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    TimesVisitor.set(file, FileTime.from(clock.instant()));
                }
            }
        }
        for (Path path : visitor.submodules()) {
            set(path, true);
        }
    }
}
