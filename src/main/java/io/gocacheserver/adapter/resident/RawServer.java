package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Speaks the bare protocol with each client, with the options of this process: for {@code GOCACHEPROG="nc -N -U
 * SOCKET"}, where the launcher cannot be used or not be found.
 */
final class RawServer {

    private static final String NO_SERVER =
            "go-cache-adapter serve was started without --server, which this connection needs";

    private final Resident resident;
    private final SessionHost host;
    private final @Nullable Options serveOptions;
    private final PrintStream log;

    RawServer(
            Resident resident, SessionHost host, @Nullable Options serveOptions, PrintStream log) {
        this.resident = resident;
        this.host = host;
        this.serveOptions = serveOptions;
        this.log = log;
    }

    void handle(SocketChannel connection) {
        try (connection) {
            ResponseWriter responses = new ResponseWriter(Channels.newOutputStream(connection));
            if (serveOptions == null) {
                resident.trace(NO_SERVER);
                responses.error(0, NO_SERVER);
                return;
            }
            if (!resident.begin()) {
                return;
            }
            try {
                host.check(serveOptions);
                host.serve(
                        serveOptions,
                        Origin.unknown(),
                        new RequestReader(Channels.newInputStream(connection)),
                        responses,
                        false,
                        new PrintStream(log, true, StandardCharsets.UTF_8),
                        () -> close(connection));
            } finally {
                resident.done();
            }
        } catch (IOException | RuntimeException e) {
            resident.trace("a connection failed: " + e);
        }
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
