package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.cli.ResidentOptions;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
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
        File socket = new File(path());
        if (!socket.exists()) {
            findings.ok("no resident process at " + socket + ": each build starts its own");
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket.toPath()));
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

    private String path() {
        String chosen = options.socket();
        if (chosen != null) {
            return chosen;
        }
        String parent = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (parent.isEmpty()) {
            parent = environment.getOrDefault("XDG_CACHE_HOME", "");
        }
        if (parent.isEmpty()) {
            parent = environment.getOrDefault("HOME", "") + "/.cache";
        }
        return parent + "/go-cache-adapter/socket";
    }
}
