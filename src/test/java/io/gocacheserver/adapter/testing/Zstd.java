package io.gocacheserver.adapter.testing;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.ZstdVersion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** zstd frames, and the native library as a file, as it lies beside an installed adapter. */
public final class Zstd {

    private Zstd() {}

    /** A frame that says its content's size. */
    public static byte[] frame(byte[] content) {
        return frame(content, true);
    }

    /** A frame such as a stream makes, whose header does not say how long it will be. */
    public static byte[] frameWithoutSize(byte[] content) {
        return frame(content, false);
    }

    /** Puts the library into {@code directory}; its path. */
    public static String library(Path directory) throws IOException {
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        String arch = System.getProperty("os.arch");
        return mac
                ? unpack("darwin/" + arch.replace("amd64", "x86_64"), ".dylib", directory)
                : unpack("linux/" + arch, ".so", directory);
    }

    /** Puts a library that does not load here into {@code directory}; its path. */
    public static String libraryForAnotherPlatform(Path directory) throws IOException {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return unpack(arm ? "linux/amd64" : "linux/aarch64", ".so", directory);
    }

    private static String unpack(String platform, String ending, Path directory)
            throws IOException {
        String resource = "/" + platform + "/libzstd-jni-" + ZstdVersion.VERSION + ending;
        Path file = directory.resolve(platform.replace('/', '-'));
        try (InputStream in = ZstdVersion.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in, resource), file);
        }
        return file.toString();
    }

    private static byte[] frame(byte[] content, boolean withSize) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setContentSize(withSize).compress(content);
        }
    }
}
