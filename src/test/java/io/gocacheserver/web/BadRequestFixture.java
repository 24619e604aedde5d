package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;

import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;

/** What clients must not do: each time a clear error, nothing half-written is served, nothing is left behind. */
abstract class BadRequestFixture extends WebFixture {

    @Autowired private ServletWebServerApplicationContext context;

    @AfterEach
    void nothingIsLeftBehind() {
        await("tmp/ is empty and no thread is busy")
                .until(() -> tmp().isEmpty() && activeThreads() == 0);
    }

    final int connections() {
        return (int) protocol().getConnectionCount();
    }

    private int activeThreads() {
        return protocol().getExecutor() instanceof ThreadPoolExecutor pool
                ? pool.getActiveCount()
                : 0;
    }

    private AbstractProtocol<?> protocol() {
        var server = (TomcatWebServer) Objects.requireNonNull(context.getWebServer());
        return (AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler();
    }
}
