package io.gocacheserver.adapter.report;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/**
 * What {@code go test} keeps of a test, told by its content: a list of what the test has read, or its output ({@code
 * cmd/go/internal/test/test.go}).
 *
 * @param packagePath of an output, the package that its last line names; null for a list
 * @param inputs of a list, its lines; empty for an output
 */
record TestObject(@Nullable String packagePath, String inputs) {

    private static final String LOG = "# test log\n";
    private static final String ARCHIVE = "!<arch>\n";
    private static final String VERDICT = "ok  \t";
    private static final int TAIL_BYTES = 16 * 1024;
    private static final int MAX_LOG_BYTES = 256 * 1024;

    /** What a file holds of a test, or null. */
    static @Nullable TestObject of(String path) {
        try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
            long size = file.length();
            String head = read(file, 0, (int) Math.min(size, LOG.length()));
            if (head.equals(LOG)) {
                return new TestObject(
                        null,
                        read(
                                file,
                                LOG.length(),
                                (int) Math.min(size, MAX_LOG_BYTES) - LOG.length()));
            }
            if (head.startsWith(ARCHIVE) || size == 0) {
                return null;
            }
            int length = (int) Math.min(size, TAIL_BYTES);
            String tail = read(file, size - length, length);
            int line = tail.lastIndexOf('\n', tail.length() - 2) + 1;
            int tab = tail.indexOf('\t', line + VERDICT.length());
            return tail.startsWith(VERDICT, line) && tail.endsWith("\n") && tab > 0
                    ? new TestObject(tail.substring(line + VERDICT.length(), tab), "")
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static String read(RandomAccessFile file, long from, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(from);
        file.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The file that changed last of those that the test has read, and how many there are; null for none.
     *
     * @param directory where it ran
     */
    @Nullable String newest(String directory) {
        String current = directory;
        String newest = null;
        long time = 0;
        int files = 0;
        for (String line : inputs.split("\n")) {
            int blank = line.indexOf(' ');
            String name = line.substring(blank + 1);
            if (line.startsWith("chdir ")) {
                current = name;
            } else if (line.startsWith("open ") || line.startsWith("stat ")) {
                File file = new File(name).isAbsolute() ? new File(name) : new File(current, name);
                if (file.isFile()) {
                    files++;
                    if (file.lastModified() > time) {
                        time = file.lastModified();
                        newest = name;
                    }
                }
            }
        }
        return newest == null ? null : "of " + files + " files the one changed last is " + newest;
    }
}
