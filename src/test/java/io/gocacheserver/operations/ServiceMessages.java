package io.gocacheserver.operations;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.support.SystemEnvironmentPropertySourceEnvironmentPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What the service says of its settings, without starting it. */
public final class ServiceMessages {

    private ServiceMessages() {}

    /**
     * Why the start fails, or else the warnings.
     *
     * @param records a class that enables the records of settings
     * @param settings each {@code --name=value}, or {@code VARIABLE=value}
     */
    public static String of(Class<?> records, String... settings) {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext()) {
            set(context.getEnvironment(), settings);
            context.register(records);
            try {
                context.refresh();
            } catch (BeansException e) {
                return explain(context, e);
            }
            return String.join(
                    "\n",
                    new UnknownVariables(context.getEnvironment())
                            .describe(SettingNames.of(context.getBeanFactory())));
        }
    }

    private static void set(ConfigurableEnvironment environment, String... settings) {
        Map<String, Object> variables = new HashMap<>();
        for (String setting : settings) {
            if (!setting.startsWith("--")) {
                int equals = setting.indexOf('=');
                variables.put(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        MutablePropertySources sources = environment.getPropertySources();
        sources.replace(name, new SystemEnvironmentPropertySource(name, variables));
        new SystemEnvironmentPropertySourceEnvironmentPostProcessor()
                .postProcessEnvironment(environment, new SpringApplication());
        sources.addFirst(
                new SimpleCommandLinePropertySource(
                        Arrays.stream(settings)
                                .filter(setting -> setting.startsWith("--"))
                                .toArray(String[]::new)));
        sources.addLast(
                new MapPropertySource("defaults", Map.of("cache-server.disk.path", "/somewhere")));
    }

    private static String explain(
            AnnotationConfigApplicationContext context, BeansException failure) {
        ArgumentResolver arguments =
                ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
                        .and(Environment.class, context.getEnvironment());
        for (FailureAnalyzer analyzer :
                SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(FailureAnalyzer.class, arguments)) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                return analysis.getDescription();
            }
        }
        return failure.toString();
    }
}
