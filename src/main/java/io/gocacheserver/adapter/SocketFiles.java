package io.gocacheserver.adapter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Set;

/**
 * The resident process's files, all beside its socket, in a directory that no other user can write to. The launcher knows
 * their names too.
 *
 * @param socket speaks the bare GOCACHEPROG protocol
 */
record SocketFiles(Path socket) {

    /** Bytes that Linux has for a socket's address; other systems have two or three less. */
    private static final int MAX_ADDRESS_BYTES = 107;

    private static final Set<PosixFilePermission> DIRECTORY_MODE =
            PosixFilePermissions.fromString("rwx------");

    /**
     * The files that belong to a socket.
     *
     * @param named what the user says, or null for the default
     * @throws IOException if there is no default here
     */
    static SocketFiles of(@Nullable String named, Map<String, String> environment)
            throws IOException {
        if (named != null) {
            return new SocketFiles(Path.of(named).toAbsolutePath());
        }
        for (String variable : new String[] {"XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "HOME"}) {
            String parent = environment.getOrDefault(variable, "");
            if (!parent.isEmpty()) {
                Path cache = Path.of(parent, variable.equals("HOME") ? ".cache" : "");
                return new SocketFiles(cache.resolve("go-cache-adapter/socket").toAbsolutePath());
            }
        }
        throw new IOException("no place for a socket: HOME is not set; pass --socket FILE");
    }

    /** The socket for launchers, and for commands to the process itself. */
    Path launch() {
        return beside(".launch");
    }

    /** Holds the shell command that connects its stdin and stdout with {@link #launch}. */
    Path connect() {
        return beside(".connect");
    }

    /** Locked by the process that listens. */
    Path lock() {
        return beside(".lock");
    }

    Path log() {
        return beside(".log");
    }

    /** Made by a launcher that starts a process, removed when that is there. */
    Path starting() {
        return beside(".starting");
    }

    /**
     * The session file of the launcher {@code pid}. The process that removes it, this one or the launcher, serves the Go
     * command; nobody else reads the Go command's requests.
     */
    Path session(long pid) {
        return beside("." + pid + ".session");
    }

    /** Makes the directory, unless it is there and good. An exception says what is wrong with it. */
    void prepareDirectory() throws IOException {
        int length = launch().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_ADDRESS_BYTES) {
            throw new IOException(
                    "the socket's name %s is too long: a system allows some %d bytes, and %s has %d with its directory; pass a shorter one with --socket"
                            .formatted(socket, MAX_ADDRESS_BYTES, launch().getFileName(), length));
        }
        Path directory = directory();
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
        }
        // What is made belongs to the user who runs this process.
        Path made = Files.createTempFile(directory, "owner", null);
        UserPrincipal self = Files.getOwner(made);
        Files.delete(made);
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        if (!Files.getOwner(directory).equals(self)
                || mode.contains(PosixFilePermission.GROUP_WRITE)
                || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    "others can write to the socket's directory %s, so they could take its place; pass a --socket in one that is yours alone"
                            .formatted(directory));
        }
    }

    Path directory() {
        Path parent = socket.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private Path beside(String suffix) {
        return directory().resolve(socket.getFileName() + suffix);
    }
}
