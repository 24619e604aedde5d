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
 * The names of all settings below {@code cache-server}, as the records that hold them have them. In a name
 * {@value #ANY} stands for the number of an element of a list, or for a key of a map.
 */
final class SettingNames {

    static final String ROOT = "cache-server";

    private static final String ANY = "*";

    private final List<String> names = new ArrayList<>();

    private SettingNames() {}

    /** The settings of all records that are beans; none of these beans is made. */
    static SettingNames of(ConfigurableListableBeanFactory beans) {
        SettingNames names = new SettingNames();
        for (String bean : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(bean, false);
            ConfigurationProperties group =
                    type == null ? null : type.getAnnotation(ConfigurationProperties.class);
            if (type != null && group != null && type.isRecord()) {
                names.addComponents(group.value(), type);
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
        List<String> properties =
                filled(given).map(each -> each.replaceAll("\\.(\\d[^.]*)", "[$1]")).toList();
        return SimilarName.of(name.toString(), properties);
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
        return filled(List.of(given.split("_", -1)))
                .map(each -> each.replace('.', '_').replace("-", "").toUpperCase(Locale.ROOT))
                .toList();
    }

    /** The names, with the given one's elements where they have {@value #ANY}. */
    private Stream<String> filled(List<String> given) {
        return names.stream().map(each -> filled(each, given)).distinct();
    }

    private static String filled(String name, List<String> given) {
        String[] elements = name.split("\\.", -1);
        for (int i = 0; i < elements.length; i++) {
            if (elements[i].equals(ANY)) {
                elements[i] = i < given.size() ? given.get(i) : "0";
            }
        }
        return String.join(".", elements);
    }

    private void addComponents(String parent, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = DataObjectPropertyName.toDashedForm(component.getName());
            add(parent + "." + name, component.getGenericType());
        }
    }

    private void add(String name, Type type) {
        if (type instanceof ParameterizedType container) {
            Type[] arguments = container.getActualTypeArguments();
            Type element = arguments[arguments.length - 1];
            if (element != Object.class) { // groups, which have records of their own
                add(name + "." + ANY, element);
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
}
