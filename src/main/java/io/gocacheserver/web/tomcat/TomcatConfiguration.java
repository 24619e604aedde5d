package io.gocacheserver.web.tomcat;

import io.gocacheserver.web.Problem;
import io.gocacheserver.web.RequestMemory;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.AbstractAccessLogValve;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.io.CharArrayWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    private static final int IDLE_SECONDS = 60;
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(20);

    /** Least average rate of a body, checked after this time of waiting for the client. */
    private static final MinimumRate.Terms BODY_RATE =
            new MinimumRate.Terms(1024, Duration.ofSeconds(20));

    @Bean(destroyMethod = "shutdown")
    ThreadPoolExecutor requestThreads(TomcatServerProperties properties) {
        TomcatServerProperties.Threads threads = properties.getThreads();
        return threads(threads.getMinSpare(), threads.getMax());
    }

    /**
     * The threads of a pool, which cost a request the least, and a virtual one for each request that comes while all are taken:
     * so requests that wait for their clients never make others wait. Memory, reads from S3 and connections have other bounds.
     */
    static ThreadPoolExecutor threads(int min, int max) {
        return new ThreadPoolExecutor(
                Math.min(min, max),
                max,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new TaskThreadFactory("http-", true, Thread.NORM_PRIORITY),
                (task, full) -> Thread.ofVirtual().name("http-more").start(task));
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
            TransferDrain drain, ThreadPoolExecutor threads) {
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

    /** A line in the log for each request. Headers that could hold a secret are not in it. */
    @Bean
    @ConditionalOnBooleanProperty("cache-server.web.request-log")
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> requestLog() {
        return factory -> factory.addEngineValves(new RequestLog());
    }

    private static final class RequestLog extends AbstractAccessLogValve {

        private static final Logger log = LoggerFactory.getLogger("requests");

        RequestLog() {
            setPattern("%h \"%r\" %s, %b bytes in %{ms}T ms, \"%{User-Agent}i\"");
        }

        @Override
        protected void log(CharArrayWriter message) {
            log.info("{}", message);
        }
    }

    /** Renders the errors that Tomcat finds before any servlet sees the request, such as a path with an encoded slash. */
    public static final class ProblemValve extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable throwable) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            try {
                Problem.write(
                        response.getResponse(), Problem.typeOf(status), response.getMessage());
                response.finishResponse();
            } catch (IOException | IllegalStateException e) {
                container.getLogger().debug("error report", e);
            }
        }
    }
}
