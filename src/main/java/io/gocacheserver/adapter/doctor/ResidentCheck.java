package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.cli.ResidentOptions;
import io.gocacheserver.adapter.resident.SocketFiles;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Whether a resident process listens. Builds work without one. */
final class ResidentCheck implements Runnable {

    private final ResidentOptions options;
    private final Map<String, String> environment;
    private final Findings findings;

    ResidentCheck(ResidentOptions options, Map<String, String> environment, Findings findings) {
        this.options = options;
        this.environment = environment;
        this.findings = findings;
    }

    @Override
    public void run() {
        Path socket;
        try {
            socket = SocketFiles.of(options.socket(), environment).socket();
        } catch (IOException e) {
            findings.ok("no resident process: " + e.getMessage());
            return;
        }
        if (!Files.exists(socket)) {
            findings.ok("no resident process at " + socket + ": each build starts its own");
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            findings.ok("a resident process listens at " + socket);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            findings.warning(
                    "nobody listens at "
                            + socket
                            + " ("
                            + e.getMessage()
                            + "): remove it, or start 'go-cache-adapter serve'");
        }
    }
}
