package io.gocacheserver.web;

import io.gocacheserver.web.content.SmallFrames;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import java.util.List;

@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    @Bean
    SmallFrames smallFrames() {
        return new SmallFrames();
    }

    @Bean
    RequestMemory requestMemory() {
        return new RequestMemory(RequestMemory.budget());
    }

    @Bean
    WebMvcConfigurer arguments(ObjectProvider<AccessResolver> accesses) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(
                        new RequestArguments(accesses.getIfAvailable(() -> AccessResolver.OPEN)));
            }
        };
    }

    /** The DispatcherServlet sets the request context itself; once is enough. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> noSecondRequestContext() {
        var registration = new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }
}
