package io.gocacheserver.security;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.stereotype.Component;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of {@code /actuator/env} and {@code /actuator/configprops}, for all clients and whatever Spring Boot is
 * told to show. A process's command line may contain one, too.
 */
@Component
final class SecretSanitizer implements SanitizingFunction {

    private static final Pattern SECRET =
            Pattern.compile(
                    "secret|password|passwd|credential|token|accesskey|access-key|access_key"
                            + "|private-key|privatekey|authorization|sun\\.java\\.command");

    /** Names that say where a secret is, or how many there are, and not what it is. */
    private static final Pattern HARMLESS = Pattern.compile("(file|path|name|access|namespace)$");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String key = data.getKey().toLowerCase(Locale.ROOT);
        return SECRET.matcher(key).find() && !HARMLESS.matcher(key).find()
                ? data.withSanitizedValue()
                : data;
    }
}
