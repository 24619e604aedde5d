package io.gocacheserver.security;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;

/** Puts the filter before everything, on the service's port, and on the actuator's where that has its own. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@Conditional(AuthProperties.OnAuth.class)
class FilterConfiguration {

    private static final int BEFORE_ALL = Ordered.HIGHEST_PRECEDENCE + 100;

    @Bean
    FilterRegistrationBean<BearerFilter> bearerFilter(
            BearerFilter.Parts parts, WebEndpointProperties actuator, ApplicationContext context) {
        boolean managementOnly = context.getParent() != null;
        var registration =
                new FilterRegistrationBean<>(
                        new BearerFilter(
                                parts, new Routes(actuator.getBasePath(), managementOnly)));
        registration.setOrder(BEFORE_ALL);
        return registration;
    }
}
