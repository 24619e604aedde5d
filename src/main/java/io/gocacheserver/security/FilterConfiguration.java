package io.gocacheserver.security;

import io.gocacheserver.web.Problem;
import io.gocacheserver.wire.ProblemType;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/** Puts the filter before everything, on the service's port, and on the actuator's where that has its own. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@Conditional(AuthProperties.OnAuth.class)
class FilterConfiguration {

    private static final int BEFORE_ALL = Ordered.HIGHEST_PRECEDENCE + 100;

    @Bean
    FilterRegistrationBean<FilterChainProxy> bearerFilter(
            BearerFilter.Parts parts, WebEndpointProperties actuator, ApplicationContext context) {
        boolean managementOnly = context.getParent() != null;
        BearerFilter filter =
                new BearerFilter(parts, new Routes(actuator.getBasePath(), managementOnly));
        FilterChainProxy chain =
                new FilterChainProxy(
                        new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filter));
        chain.setFirewall(new PlainPathFirewall());
        chain.setRequestRejectedHandler(
                (request, response, e) ->
                        Problem.write(
                                response,
                                ProblemType.BAD_REQUEST,
                                "the request's path, headers or parameters contain something that is not allowed"));
        FilterRegistrationBean<FilterChainProxy> registration = new FilterRegistrationBean<>(chain);
        registration.setOrder(BEFORE_ALL);
        return registration;
    }
}
