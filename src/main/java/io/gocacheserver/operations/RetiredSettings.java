package io.gocacheserver.operations;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

import java.util.List;
import java.util.Map;
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
                    Map.entry("disk.inline-size", "16KiB"),
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
        List<String> found =
                CONSTANTS.keySet().stream()
                        .filter(name -> environment.containsProperty(PREFIX + name))
                        .sorted()
                        .toList();
        if (!found.isEmpty()) {
            String first = PREFIX + found.getFirst();
            throw new InvalidConfigurationPropertyValueException(
                    first,
                    environment.getProperty(first),
                    found.stream()
                            .map(name -> PREFIX + name + " is always " + CONSTANTS.get(name))
                            .collect(
                                    Collectors.joining(
                                            ", ", "no longer settings, remove them: ", "")));
        }
    }
}
