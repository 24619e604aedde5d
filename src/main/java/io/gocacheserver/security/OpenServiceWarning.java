package io.gocacheserver.security;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

import java.net.InetAddress;

/** Warns of a service that others can reach without authentication. */
@Component
class OpenServiceWarning implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(OpenServiceWarning.class);

    private final AuthProperties auth;
    private final @Nullable InetAddress address;

    OpenServiceWarning(AuthProperties auth, ServerProperties server) {
        this.auth = auth;
        this.address = server.getAddress();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (auth.isOn() || (address != null && address.isLoopbackAddress())) {
            return;
        }
        log.warn(
                "OPEN TO EVERYONE: every client that reaches {} may read the cache, and put into it what builds will run."
                        + " Set cache-server.auth.tokens or .issuers to ask for a token, or"
                        + " server.address=127.0.0.1 to be reached from this machine only",
                address == null ? "any of this machine's addresses" : address.getHostAddress());
    }
}
