package io.gocacheserver.adapter.resident;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Accepts connections at one address, and gives each a thread of its own. */
record Listener(ServerSocketChannel server, PrintStream log) implements Closeable {

    /** As many {@code go} commands may start at once. */
    private static final int BACKLOG = 1024;

    /** Listens at a socket that only the user who runs this process can use; replaces a file of that name. */
    static Listener at(Path socket, PrintStream log) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        SocketFiles.makePrivate(socket);
        return new Listener(server, log);
    }

    /** Begins to accept; {@code handler} closes what it is given. */
    void start(String name, Consumer<SocketChannel> handler) {
        Thread.ofPlatform().daemon().name("accept-" + name).start(() -> accept(name, handler));
    }

    private void accept(String name, Consumer<SocketChannel> handler) {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofPlatform().daemon().name(name).start(() -> handler.accept(connection));
            } catch (IOException | OutOfMemoryError e) {
                // Too many files or threads, unless it was closed: some are given back in time.
                pauseIfOpen(e);
            }
        }
    }

    private void pauseIfOpen(Throwable problem) {
        if (server.isOpen()) {
            log.println("go-cache-adapter: cannot accept a connection: " + problem);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
