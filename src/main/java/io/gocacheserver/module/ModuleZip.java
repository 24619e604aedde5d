package io.gocacheserver.module;

import io.gocacheserver.cache.tier.Digests;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Checks the zip of a module (go.dev/ref/mod#zip-files) and hashes what is in it. Every name begins with {@code module@version/} and
 * leads nowhere else; sizes are counted while the entries are read, never believed.
 *
 * <p>The hash is golang.org/x/mod/sumdb/dirhash's {@code h1:}, that of a list of all files, sorted by their names' bytes, with
 * the SHA-256 of each.
 */
final class ModuleZip {

    /** Bytes of the directory at the zip's end, which is read into memory; a toolchain's has 2 MB. */
    private static final long MAX_DIRECTORY = 32L * 1024 * 1024;

    private static final int END_BYTES = 22;
    private static final int MAX_END = 65_535 + END_BYTES;
    private static final int LOCATOR_BYTES = 20;
    private static final int LARGE_END_BYTES = 56;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int BUFFER = 64 * 1024;

    static final class InvalidZipException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidZipException(String message) {
            super(message);
        }
    }

    private ModuleZip() {}

    /** The hash of a zip's files, unless it must not be kept. */
    static String hash(Path file, String module, String version) throws InvalidZipException {
        String prefix = module + "@" + version + "/";
        Map<byte[], byte[]> hashes = new TreeMap<>(Arrays::compareUnsigned);
        long left = ModuleFile.MAX_ZIP;
        try {
            checkDirectory(file);
            try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements()) {
                    ZipEntry entry = entries.nextElement();
                    String name = entry.getName();
                    checkName(name, prefix);
                    MessageDigest sha256 = Digests.sha256();
                    try (InputStream in = zip.getInputStream(entry)) {
                        left = digest(in, sha256, left);
                    }
                    if (hashes.put(name.getBytes(StandardCharsets.UTF_8), sha256.digest())
                            != null) {
                        throw new InvalidZipException("it has %s twice".formatted(name));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidZipException("it cannot be read: " + e.getMessage());
        }
        MessageDigest all = Digests.sha256();
        hashes.forEach(
                (name, hash) -> {
                    all.update(
                            (HexFormat.of().formatHex(hash) + "  ")
                                    .getBytes(StandardCharsets.US_ASCII));
                    all.update(name);
                    all.update((byte) '\n');
                });
        return "h1:" + Base64.getEncoder().encodeToString(all.digest());
    }

    private static long digest(InputStream in, MessageDigest sha256, long max)
            throws IOException, InvalidZipException {
        byte[] buffer = new byte[BUFFER];
        long left = max;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            left -= n;
            if (left < 0) {
                throw new InvalidZipException(
                        "its files have more than %d bytes together".formatted(ModuleFile.MAX_ZIP));
            }
            sha256.update(buffer, 0, n);
        }
        return left;
    }

    private static void checkName(String name, String prefix) throws InvalidZipException {
        boolean valid = name.startsWith(prefix) && name.indexOf('\\') < 0 && name.indexOf('\n') < 0;
        for (String element : name.split("/", -1)) {
            valid &= !element.equals("..") && !element.equals(".");
        }
        if (!valid || name.contains("//")) {
            String shown = name.substring(0, Math.min(name.length(), 200));
            throw new InvalidZipException(
                    "it has a file %s, which is not below %s"
                            .formatted(shown.replaceAll("\\p{Cntrl}", "?"), prefix));
        }
    }

    /** Looks at the end records, of which the second is of the form zip64, before anything is read into memory by their numbers. */
    private static void checkDirectory(Path file) throws IOException, InvalidZipException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            int length = (int) Math.min(MAX_END, in.length());
            ByteBuffer end = read(in, in.length() - length, length);
            int at = length - END_BYTES;
            while (at >= 0 && end.getInt(at) != END_SIGNATURE) {
                at--;
            }
            if (at < 0 || at + END_BYTES + (end.getShort(at + 20) & 0xffff) != length) {
                throw new InvalidZipException("it has no end: it is no zip, or was cut off");
            }
            long size = end.getInt(at + 12) & 0xffff_ffffL;
            long locatorAt = in.length() - length + at - LOCATOR_BYTES;
            if (size == 0xffff_ffffL && locatorAt >= 0) {
                ByteBuffer locator = read(in, locatorAt, LOCATOR_BYTES);
                long largeAt = locator.getLong(8);
                if (locator.getInt(0) == LOCATOR_SIGNATURE
                        && largeAt >= 0
                        && largeAt <= locatorAt - LARGE_END_BYTES) {
                    size = read(in, largeAt, LARGE_END_BYTES).getLong(40);
                }
            }
            if (size < 0 || size > MAX_DIRECTORY) {
                throw new InvalidZipException("it has too many files");
            }
        }
    }

    private static ByteBuffer read(RandomAccessFile in, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.seek(from);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
