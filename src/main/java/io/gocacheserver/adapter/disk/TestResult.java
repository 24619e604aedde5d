package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The objects that {@code go test} keeps of a test that has passed (see {@code runCache} in cmd/go/internal/test/test.go), known by
 * their content alone: the list of what it read, which begins with {@code # test log} in a line; its output, whose last line is
 * {@code ok}, two blanks, a tab, the package, a tab and the seconds it took, as cmd/go itself demands of it; its cover profile, which
 * begins with {@code mode: set}, {@code count} or {@code atomic} in a line. Nothing else that cmd/go keeps looks so. What fuzzing
 * finds lies in a directory of its own, which no helper sees.
 */
public final class TestResult {

    /** The list of what a test has read. */
    public static final String INPUTS = "";

    /** A cover profile. */
    public static final String PROFILE = "mode:";

    private static final String ARCHIVE = "!<arch>\n";
    private static final String TEST_LOG = "# test log\n";
    private static final Pattern COVER_PROFILE = Pattern.compile("mode: (set|count|atomic)\n");
    private static final Pattern LAST_LINE =
            Pattern.compile("ok  \t([^\t\n]+)\t[0-9]+\\.[0-9]+s([\t \\[][^\n]*)?\n");

    private static final int HEAD_BYTES = 16;

    /** More than a last line has, with the packages that {@code -coverpkg} names. */
    private static final int TAIL_BYTES = 64 * 1024;

    private TestResult() {}

    /**
     * What a file holds of a test: {@link #INPUTS}, {@link #PROFILE}, or of its output the package that this names. Null if it
     * is nothing of a test, or cannot be read.
     */
    public static @Nullable String of(String path) {
        try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
            long size = file.length();
            String head = read(file, 0, (int) Math.min(size, HEAD_BYTES));
            if (head.startsWith(TEST_LOG)) {
                return INPUTS;
            }
            if (COVER_PROFILE.matcher(head).lookingAt()) {
                return PROFILE;
            }
            int tail = (int) Math.min(size, TAIL_BYTES);
            return head.startsWith(ARCHIVE) ? null : packageIn(read(file, size - tail, tail));
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String packageIn(String output) {
        int last = output.lastIndexOf('\n', output.length() - 2) + 1;
        Matcher line = LAST_LINE.matcher(output).region(last, output.length());
        return line.matches() ? line.group(1) : null;
    }

    private static String read(RandomAccessFile file, long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
