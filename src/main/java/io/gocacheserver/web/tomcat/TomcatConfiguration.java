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

    /** How long a request's headers may take to come. */
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(20);

    /** What a body must bring on average, once its client has been waited for so long in all. */
    private static final RateFloor.Terms BODY_RATE =
            new RateFloor.Terms(1024, Duration.ofSeconds(20));

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
     * Tomcat's own errors as problems too; and "100 Continue" only when a Put's body is really read, so that a client
     * that asks first is spared sending what would be refused. And no client takes for ever over a request.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatCustomizer(
            TransferDrain drain, RequestThreads threads) {
        return factory -> {
            factory.setProtocol(PatienceProtocol.class.getName());
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
                        }
                        if (protocol instanceof PatienceProtocol patience) {
                            drain.add(patience);
                            patience.setExecutor(threads);
                            patience.setMaxConnections(
                                    RequestMemory.maxConnections(patience.getMaxConnections()));
                            patience.setHeaderTimeout(HEADER_TIMEOUT);
                            patience.setRate(BODY_RATE);
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
