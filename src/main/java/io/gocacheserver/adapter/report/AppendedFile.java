package io.gocacheserver.adapter.report;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A file that several processes append to at once. */
final class AppendedFile {

    private AppendedFile() {}

    /** Appends in one write, which the system does not mix with another's; the directory is made if need be. */
    static void append(String path, String text) throws IOException {
        File parent = new File(path).getAbsoluteFile().getParentFile();
        if (parent != null && !parent.isDirectory() && !parent.mkdirs() && !parent.isDirectory()) {
            throw new IOException("the directory " + parent + " cannot be created");
        }
        try (FileOutputStream out = new FileOutputStream(path, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
