package io.gocacheserver.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.RequestContextFilter;

@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    private static final String TRAFFIC = "gocache.traffic";

    @Bean
    ObjectSender objectSender(MeterRegistry registry) {
        return new ObjectSender(traffic(registry, "out", "Bytes of objects sent to clients"));
    }

    @Bean
    ObjectReceiver objectReceiver(MeterRegistry registry, WebProperties properties) {
        return new ObjectReceiver(
                properties.maxObjectSize().toBytes(),
                traffic(registry, "in", "Bytes of objects taken from clients"));
    }

    /**
     * Tomcat's own errors as problems too; and "100 Continue" only when a Put's body is really read, so that a client
     * that asks first is spared sending what would be refused.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatCustomizer() {
        return factory -> {
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
                    });
        };
    }

    /** The DispatcherServlet sets the request context itself; once is enough. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> noSecondRequestContext() {
        var registration = new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }

    private static Counter traffic(MeterRegistry registry, String direction, String description) {
        return Counter.builder(TRAFFIC)
                .description(description)
                .baseUnit("bytes")
                .tag("direction", direction)
                .register(registry);
    }
}
