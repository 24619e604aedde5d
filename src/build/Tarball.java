import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a directory as a {@code .tar.gz} (POSIX ustar) whose bytes depend on names, contents, links and execute bits
 * alone: entries sorted by name, one time for all, owned by root, mode 0755 or 0644.
 */
final class Tarball {

    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;

    private final OutputStream out;
    private final String top;
    private final Instant time;

    private Tarball(OutputStream out, String top, Instant time) {
        this.out = out;
        this.top = top;
        this.time = time;
    }

    /** All of {@code directory}, under its own name. */
    static void write(Path directory, Instant time, Path target) throws IOException {
        List<Path> files;
        try (var walk = Files.walk(directory)) {
            files = walk.sorted().toList();
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(target), 1 << 16)) {
            Tarball tarball = new Tarball(out, directory.getFileName().toString(), time);
            for (Path file : files) {
                tarball.add(file, directory.relativize(file).toString());
            }
            out.write(new byte[2 * BLOCK]);
        }
    }

    private void add(Path file, String name) throws IOException {
        if (Files.isSymbolicLink(file)) {
            header(name, 0777, 0, '2', Files.readSymbolicLink(file).toString());
        } else if (Files.isDirectory(file)) {
            header(name.isEmpty() ? name : name + "/", 0755, 0, '5', "");
        } else {
            long size = Files.size(file);
            header(name, Files.isExecutable(file) ? 0755 : 0644, size, '0', "");
            Files.copy(file, out);
            out.write(new byte[(int) (-size & BLOCK - 1)]);
        }
    }

    /** The top directory is the prefix of all names but its own, so that these may have 100 bytes. */
    private void header(String name, int mode, long size, char type, String link)
            throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, NAME, name.isEmpty() ? top + "/" : name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0); // uid
        octal(header, 116, 8, 0); // gid
        octal(header, 124, 12, size);
        octal(header, 136, 12, time.getEpochSecond());
        header[156] = (byte) type;
        put(header, 157, NAME, link);
        put(header, 257, 8, "ustar\00000");
        put(header, 265, 32, "root");
        put(header, 297, 32, "root");
        put(header, 345, PREFIX, name.isEmpty() ? "" : top);
        put(header, 148, 8, " ".repeat(8)); // the checksum counts itself as blanks
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        octal(header, 148, 7, sum);
        out.write(header);
    }

    private static void octal(byte[] header, int at, int length, long value) throws IOException {
        String digits = Long.toOctalString(value);
        put(header, at, length - 1, "0".repeat(Math.max(0, length - 1 - digits.length())) + digits);
        header[at + length - 1] = 0;
    }

    private static void put(byte[] header, int at, int length, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IOException("too long for a tar header: " + text);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
