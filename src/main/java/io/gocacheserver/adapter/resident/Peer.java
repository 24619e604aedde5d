package io.gocacheserver.adapter.resident;

import jdk.net.ExtendedSocketOptions;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user at the other end of a Unix socket. */
final class Peer {

    private Peer() {}

    /** Whether it is the user who owns {@code socket}, and so runs this process. */
    static boolean isSelf(SocketChannel connection, Path socket) throws IOException {
        if (!connection.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
            // Then the modes of the socket and of its directory must do.
            return true;
        }
        return connection
                .getOption(ExtendedSocketOptions.SO_PEERCRED)
                .user()
                .equals(Files.getOwner(socket));
    }
}
