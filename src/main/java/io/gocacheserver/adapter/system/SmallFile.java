package io.gocacheserver.adapter.system;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Files of which a bounded part is enough. */
public final class SmallFile {

    private static final int MOST_BYTES = 256 * 1024;

    private SmallFile() {}

    /** The file's text, of a very long one the beginning. */
    public static String read(File file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** The file's text, or the empty text if it cannot be read. */
    public static String readIfThere(File file) {
        try {
            return file.isFile() ? read(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
