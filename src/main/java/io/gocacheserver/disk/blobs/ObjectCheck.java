package io.gocacheserver.disk.blobs;

import com.github.luben.zstd.ZstdIOException;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads a stored object as a whole, to see whether it is what its output ID says. */
public final class ObjectCheck {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** Told of what has been read, so that it can slow the reading down, or give it up. */
    public interface Pace<X extends Exception> {
        void read(long bytes) throws X;
    }

    private ObjectCheck() {}

    public static <X extends Exception> @Nullable String fault(
            OutputId output, Content content, Pace<X> pace) throws IOException, X {
        MessageDigest sha256 = Digests.sha256();
        byte[] buffer = new byte[Math.clamp(content.size(), 1, BUFFER_BYTES)];
        long count = 0;
        try (InputStream in = content.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                count += n;
                if (count > content.size()) {
                    return "it has more than %d bytes".formatted(content.size());
                }
                sha256.update(buffer, 0, n);
                pace.read(n);
            }
        } catch (ZstdIOException | EOFException e) {
            return "it cannot be decompressed: " + e.getMessage();
        }
        if (count != content.size()) {
            return "it has %d bytes, not %d".formatted(count, content.size());
        }
        String actual = HexFormat.of().formatHex(sha256.digest());
        return actual.equals(output.hex()) ? null : "its SHA-256 is " + actual;
    }
}
