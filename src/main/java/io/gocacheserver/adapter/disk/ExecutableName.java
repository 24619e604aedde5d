package io.gocacheserver.adapter.disk;

import org.jspecify.annotations.Nullable;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The name that cmd/go gives an executable which it keeps ({@code load.Package.DefaultExecName}): the last element of the
 * main package's import path, or the one before if that is a major version such as {@code v2}; on Windows with {@code
 * .exe}. Programs see it as their own name, and some write it into what they generate.
 *
 * <p>The import path is in the build info that the linker writes into each executable ({@code debug/buildinfo}): in its
 * first line, behind a mark of 16 bytes.
 */
final class ExecutableName {

    private static final byte[] MARK =
            HexFormat.of().parseHex("3077af0c9274080241e1c107e6d618e6" + "7061746809"); // "path\t"

    /** The package path of files given to {@code go run a.go}, which names the executable after the first one. */
    private static final String FILES = "command-line-arguments";

    private static final String UNKNOWN = "program";

    private static final Pattern VALID = Pattern.compile("(?!\\.+$)[A-Za-z0-9._~+-]{1,100}");
    private static final Pattern VERSION = Pattern.compile("v(?!1$)[1-9][0-9]*");
    private static final int LONGEST_PATH = 1_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private ExecutableName() {}

    /** The name of the one in {@code file}, or the one given, without {@code .exe}: the empty text for any, null for none. */
    static @Nullable String of(Path file, Supplier<@Nullable String> otherwise) throws IOException {
        String path = mainPackage(file);
        String name = path == null || path.equals(FILES) ? otherwise.get() : ofPackage(path);
        if (name == null) {
            return null;
        }
        String valid = VALID.matcher(name).matches() ? name : UNKNOWN;
        try (InputStream in = new FileInputStream(file.toString())) {
            return in.read() == 'M' && in.read() == 'Z' ? valid + ".exe" : valid;
        }
    }

    private static String ofPackage(String path) {
        int slash = path.lastIndexOf('/');
        String last = path.substring(slash + 1);
        return slash >= 0 && VERSION.matcher(last).matches()
                ? path.substring(path.lastIndexOf('/', slash - 1) + 1, slash)
                : last;
    }

    /** The first byte of the mark is nowhere else in it, so that the search never has to go back. */
    private static @Nullable String mainPackage(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toString())) {
            byte[] buffer = new byte[BUFFER_BYTES];
            StringBuilder path = new StringBuilder();
            int matched = 0;
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    byte b = buffer[i];
                    if (matched < MARK.length) {
                        matched = b == MARK[matched] ? matched + 1 : b == MARK[0] ? 1 : 0;
                    } else if (b == '\n') {
                        return path.toString();
                    } else if (path.length() == LONGEST_PATH) {
                        return null;
                    } else {
                        path.append((char) b);
                    }
                }
            }
            return null;
        }
    }
}
