package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.auth.Credential.Token;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The token in a file, read again once a second at most. While it cannot be read, the last token that could is used: it is
 * being replaced.
 */
final class FileToken extends Credentials {

    private static final long CHECK_NANOS = 1_000_000_000L;
    private static final int MAX_BYTES = 64 * 1024;

    private final Path path;
    private final LongSupplier nanoTime;
    private @Nullable Token token;
    private @Nullable String problem;
    private boolean checked;
    private long checkedAt;

    FileToken(String path, LongSupplier nanoTime) {
        this.path = Path.of(path);
        this.nanoTime = nanoTime;
    }

    @Override
    synchronized @Nullable Token token(Duration limit) {
        long now = nanoTime.getAsLong();
        if (!checked || now - checkedAt >= CHECK_NANOS) {
            checked = true;
            checkedAt = now;
            read();
        }
        return token;
    }

    @Override
    synchronized void refused(Token refused) {
        if (refused.equals(token)) {
            checked = false;
        }
    }

    @Override
    public synchronized @Nullable String problem() {
        return token == null ? problem : null;
    }

    private void read() {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            token = new Token(Files.readString(path, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException | IllegalArgumentException e) {
            problem =
                    "the token file "
                            + path
                            + " cannot be used: "
                            + (e instanceof NoSuchFileException
                                    ? "it does not exist"
                                    : e.getMessage());
        }
    }
}
