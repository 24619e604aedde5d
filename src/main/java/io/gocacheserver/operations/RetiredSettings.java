package io.gocacheserver.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Fails the start if a setting is set that has become a constant, and names it, also for environment variables: Spring Boot
 * ignores unknown ones.
 */
public final class RetiredSettings
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String PREFIX = "cache-server.";

    /** Each of them with its value. */
    private static final Map<String, String> CONSTANTS =
            Map.ofEntries(
                    Map.entry("disk.inline-size", "16KB"),
                    Map.entry("disk.eviction-wait", "5s"),
                    Map.entry("disk.scrub-interval", "7d"),
                    Map.entry("s3.upload-queue-capacity", "1000000"),
                    Map.entry("s3.upload-max-attempts", "10"),
                    Map.entry("s3.upload-max-age", "7d"),
                    Map.entry("s3.upload-pause-min", "1s"),
                    Map.entry("s3.upload-pause-max", "30s"),
                    Map.entry("page.builds", "50"),
                    Map.entry("page.interval", "10s"),
                    Map.entry("web.min-upload-rate", "1KB"),
                    Map.entry("web.upload-grace", "20s"),
                    Map.entry("web.header-timeout", "20s"),
                    Map.entry("bulk.max-actions", "16384"),
                    Map.entry("bulk.faults", "16"),
                    Map.entry("bulk.max-faults", "64"),
                    Map.entry("bulk.timeout", "10m"),
                    Map.entry("profile.max-actions", "32768"),
                    Map.entry("profile.keep-builds", "10"),
                    Map.entry("profile.max-age", "14d"),
                    Map.entry("profile.recheck", "10s"));

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        Map<String, String> found = new TreeMap<>();
        CONSTANTS.forEach(
                (name, value) -> {
                    if (environment.containsProperty(PREFIX + name)) {
                        found.put(PREFIX + name, value);
                    }
                });
        if (!found.isEmpty()) {
            throw new RetiredSettingException(found);
        }
    }

    /** Settings that are set, and are constants. */
    static final class RetiredSettingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /**
         * @param found their names, and what they are
         */
        RetiredSettingException(Map<String, String> found) {
            super(
                    found.entrySet().stream()
                            .map(RetiredSettingException::line)
                            .collect(Collectors.joining("; ")));
        }

        private static String line(Map.Entry<String, String> constant) {
            return "%s (%s) is not a setting any more: its value is always %s"
                    .formatted(constant.getKey(), variable(constant.getKey()), constant.getValue());
        }

        private static String variable(String name) {
            return name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
        }
    }

    /** Says what to do. */
    static final class Analyzer extends AbstractFailureAnalyzer<RetiredSettingException> {

        @Override
        protected @Nullable FailureAnalysis analyze(
                Throwable rootFailure, RetiredSettingException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Remove what sets it: the command line, a file or an environment variable.",
                    cause);
        }
    }
}
