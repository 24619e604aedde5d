package io.gocacheserver.adapter.auth;

import io.gocacheserver.adapter.auth.Credential.Token;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps an issued token for the next process of this user: asking for one takes longer than a warm build. The file can be
 * read by its owner alone, and says for which identity the token is: on a runner of one's own the next job has another.
 * A token that cannot be kept or read is requested again.
 *
 * @param file in a directory of the user's own
 */
public record TokenCache(Path file) {

    private static final Set<PosixFilePermission> MODE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY_MODE =
            PosixFilePermissions.fromString("rwx------");

    @Nullable Token read(String identity) {
        try {
            if (!Files.isRegularFile(file)
                    || !Files.getPosixFilePermissions(file).equals(MODE)
                    || !Files.isWritable(file)) {
                return null;
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.size() == 2 && lines.getFirst().equals(identity)
                    ? new Token(lines.getLast())
                    : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    void write(String identity, Token token) {
        try {
            Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
            }
            Path draft =
                    Files.createTempFile(
                            directory, "token", null, PosixFilePermissions.asFileAttribute(MODE));
            Files.writeString(draft, identity + '\n' + token.value() + '\n');
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            remove();
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It says when it expires.
        }
    }
}
