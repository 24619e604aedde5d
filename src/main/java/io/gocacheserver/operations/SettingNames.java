package io.gocacheserver.operations;

import io.gocacheserver.model.SimilarName;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of all settings below {@code cache-server}, as the records that hold them have them. A name is the list of its
 * elements; {@value #ANY} stands for the number of an element of a list, or for a key of a map.
 */
final class SettingNames {

    static final String ROOT = "cache-server";

    private static final String ANY = "*";

    private final List<List<String>> names = new ArrayList<>();

    private SettingNames() {}

    /** The settings of all records that are beans; none of these beans is made. */
    static SettingNames of(ConfigurableListableBeanFactory beans) {
        SettingNames names = new SettingNames();
        for (String bean : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties group =
                    type == null ? null : type.getAnnotation(ConfigurationProperties.class);
            if (type != null && group != null && type.isRecord()) {
                names.addComponents(List.of(group.value().split("\\.", -1)), type);
            }
        }
        return names;
    }

    /** The property that a misspelt one stands for, or null if none is similar. */
    @Nullable String similarTo(ConfigurationPropertyName name) {
        List<String> given =
                IntStream.range(0, name.getNumberOfElements())
                        .mapToObj(i -> name.getElement(i, Form.ORIGINAL))
                        .toList();
        return SimilarName.of(
                name.toString(),
                names.stream().map(each -> property(filled(each, given))).distinct().toList());
    }

    /** Whether there is a setting with this environment variable. */
    boolean hasVariable(String variable) {
        return variables(variable).contains(variable);
    }

    /** The variable that a misspelt one stands for, or null if none is similar. */
    @Nullable String similarTo(String variable) {
        return SimilarName.of(variable, variables(variable));
    }

    private List<String> variables(String given) {
        List<String> elements = List.of(given.split("_", -1));
        return names.stream().map(each -> variable(filled(each, elements))).distinct().toList();
    }

    private void addComponents(List<String> parent, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            add(
                    child(parent, DataObjectPropertyName.toDashedForm(component.getName())),
                    component.getGenericType());
        }
    }

    private void add(List<String> name, Type type) {
        if (type instanceof ParameterizedType container) {
            Type[] arguments = container.getActualTypeArguments();
            Type element = arguments[arguments.length - 1];
            if (element != Object.class) { // groups, which have records of their own
                add(child(name, ANY), element);
            }
            if (container.getRawType() != Map.class && !isGroup(element)) {
                names.add(name); // a list in one text
            }
        } else if (type instanceof Class<?> group && isGroup(group)) {
            addComponents(name, group);
        } else {
            names.add(name);
        }
    }

    /** A record with one component is a value, such as a size. */
    private static boolean isGroup(Type type) {
        return type instanceof Class<?> group
                && group.isRecord()
                && group.getRecordComponents().length > 1;
    }

    private static List<String> child(List<String> parent, String element) {
        return Stream.concat(parent.stream(), Stream.of(element)).toList();
    }

    /** A name with the given one's elements where it has {@value #ANY}. */
    private static List<String> filled(List<String> name, List<String> given) {
        List<String> filled = new ArrayList<>(name);
        for (int i = 0; i < name.size(); i++) {
            if (name.get(i).equals(ANY)) {
                filled.set(i, i < given.size() ? given.get(i) : "0");
            }
        }
        return filled;
    }

    private static String property(List<String> name) {
        return String.join(".", name).replaceAll("\\.(\\d[^.]*)", "[$1]");
    }

    private static String variable(List<String> name) {
        return String.join("_", name).replace("-", "").toUpperCase(Locale.ROOT);
    }
}
