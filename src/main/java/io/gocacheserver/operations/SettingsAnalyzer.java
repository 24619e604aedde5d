package io.gocacheserver.operations;

import io.gocacheserver.model.ByteSize;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.bind.validation.ValidationErrors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says which setting is wrong: its name, its value, where it stands, and what is allowed or was meant. Values that may be secrets are not shown. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName ROOT =
            ConfigurationPropertyName.of(SettingNames.ROOT);
    private static final ConfigurationPropertyName AUTH = ROOT.append("auth");
    private static final String ACTION = "See \"Settings\" in docs/settings.md.";

    private static final Map<Class<?>, String> ALLOWED =
            Map.of(
                    ByteSize.class, "a size like 10GB, 500MB or 2GiB",
                    Duration.class, "a duration like 500ms, 30s, 5m, 12h or 7d",
                    boolean.class, "true or false",
                    Boolean.class, "true or false",
                    int.class, "a whole number",
                    Integer.class, "a whole number",
                    long.class, "a whole number");

    private final BeanFactory beans;

    SettingsAnalyzer(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        String description =
                switch (cause.getCause()) {
                    case UnboundConfigurationPropertiesException unknown -> unknown(unknown);
                    case BindValidationException invalid -> invalid(invalid.getValidationErrors());
                    case null, default -> unreadable(cause);
                };
        return description == null ? null : new FailureAnalysis(description, ACTION, cause);
    }

    /** A misspelt setting may be a secret, so that its value is not shown. */
    private @Nullable String unknown(UnboundConfigurationPropertiesException cause) {
        if (!(beans instanceof ConfigurableListableBeanFactory definitions)) {
            return null;
        }
        SettingNames names = SettingNames.of(definitions);
        return lines(
                cause.getUnboundProperties().stream().map(property -> unknown(property, names)));
    }

    private static String unknown(ConfigurationProperty property, SettingNames names) {
        Origin origin = property.getOrigin();
        String name = property.getName() + standsIn(origin);
        String similar = names.similarTo(property.getName());
        if (origin(origin) instanceof SystemEnvironmentOrigin variable) {
            name = variable.getProperty();
            similar = names.similarTo(name);
        }
        return "There is no setting "
                + name
                + (similar == null ? "" : ": is " + similar + " meant?");
    }

    private static String invalid(ValidationErrors errors) {
        return lines(
                errors.getAllErrors().stream()
                        .map(
                                error ->
                                        error instanceof FieldError field
                                                ? invalid(errors, field)
                                                : errors.getName() + message(error)));
    }

    private static String invalid(ValidationErrors errors, FieldError error) {
        // A rule that is a method of its own is called as its setting, with a word behind.
        String field = error.getField().replaceFirst("Usable$", "");
        ConfigurationPropertyName name =
                ConfigurationPropertyName.of(
                        errors.getName() + "." + DataObjectPropertyName.toDashedForm(field));
        return errors.getBoundProperties().stream()
                .filter(property -> property.getName().equals(name))
                .findFirst()
                .map(property -> is(property, !isSecret(property)) + message(error))
                .orElseGet(() -> name + " is not set:" + message(error));
    }

    private static String message(ObjectError error) {
        return " " + error.getDefaultMessage();
    }

    private static @Nullable String unreadable(BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        Class<?> type = cause.getTarget().getType().toClass();
        String allowed = allowed(type);
        if (property == null || (allowed == null && !ROOT.isAncestorOf(property.getName()))) {
            return null;
        }
        return is(property, allowed != null || !AUTH.isAncestorOf(property.getName()))
                + (allowed == null
                        ? " it has no value itself, only settings below it do"
                        : " must be " + allowed);
    }

    private static boolean isSecret(ConfigurationProperty property) {
        return AUTH.isAncestorOf(property.getName())
                && property.getName().toString().contains("secret");
    }

    /** What values of this type look like; null for types that are not a setting's alone. */
    private static @Nullable String allowed(Class<?> type) {
        String known = ALLOWED.get(type);
        if (known != null) {
            return known;
        }
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants())
                        .map(value -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT))
                        .map(value -> value.replace('_', '-'))
                        .collect(Collectors.joining(", ", "one of ", ""))
                : null;
    }

    /** The beginning of a sentence; the value is shown if it cannot be a secret. */
    private static String is(ConfigurationProperty property, boolean shown) {
        return property.getName()
                + (shown ? " is \"" + property.getValue() + '"' : " is wrong")
                + standsIn(property.getOrigin())
                + ":";
    }

    private static String standsIn(@Nullable Origin origin) {
        return switch (origin(origin)) {
            case null -> "";
            case SystemEnvironmentOrigin variable ->
                    " (environment variable " + variable.getProperty() + ")";
            case PropertySourceOrigin source
                    when source.getPropertySource().getName().equals("commandLineArgs") ->
                    " (command line)";
            case PropertySourceOrigin source -> " (" + source.getPropertySource().getName() + ")";
            case Origin other -> " (" + other + ")";
        };
    }

    /** The origin within the source of properties, if the source knows it. */
    private static @Nullable Origin origin(@Nullable Origin origin) {
        return origin instanceof PropertySourceOrigin source && source.getOrigin() != null
                ? source.getOrigin()
                : origin;
    }

    private static String lines(Stream<String> sentences) {
        return sentences.sorted().collect(Collectors.joining("\n"));
    }
}
