package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.RequestMemory;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;

@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    /** Longest time for a request's headers. */
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(20);

    /** Least average rate of a body, checked after this time of waiting for the client. */
    private static final MinimumRate.Terms BODY_RATE =
            new MinimumRate.Terms(1024, Duration.ofSeconds(20));

    @Bean
    RequestThreads requestThreads(TomcatServerProperties properties) {
        TomcatServerProperties.Threads threads = properties.getThreads();
        return new RequestThreads(threads.getMinSpare(), threads.getMax());
    }

    @Bean
    TransferDrain transferDrain() {
        return new TransferDrain();
    }

    /**
     * Renders Tomcat's own errors as problems; sends "100 Continue" only when a Put's body is read, so that a refused client
     * does not send it; waits for no body that nobody reads; bounds the time of slow clients.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatCustomizer(
            TransferDrain drain, RequestThreads threads) {
        return factory -> {
            factory.setProtocol(SlowClientProtocol.class.getName());
            factory.addEngineValves(new UnreadBodyValve());
            factory.addContextCustomizers(
                    context -> {
                        if (context.getParent() instanceof StandardHost host) {
                            host.setErrorReportValveClass(ProblemValve.class.getName());
                        }
                    });
            factory.addConnectorCustomizers(
                    connector -> {
                        ProtocolHandler protocol = connector.getProtocolHandler();
                        if (protocol instanceof AbstractHttp11Protocol<?> http) {
                            http.setContinueResponseTiming("onRead");
                            http.setMaxSwallowSize(0);
                        }
                        if (protocol instanceof SlowClientProtocol slowClients) {
                            drain.add(slowClients);
                            slowClients.setExecutor(threads);
                            slowClients.setMaxConnections(
                                    RequestMemory.maxConnections(slowClients.getMaxConnections()));
                            slowClients.setHeaderTimeout(HEADER_TIMEOUT);
                            slowClients.setRate(BODY_RATE);
                        }
                    });
        };
    }

    @Bean
    @ConditionalOnBooleanProperty("cache-server.web.request-log")
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestLog() {
        return factory -> factory.addEngineValves(new RequestLog());
    }
}
