package io.gocacheserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

import tools.jackson.databind.JsonNode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The chart refuses a setting that is not in its file, so the file has each setting there is, and no other: one a line, with
 * {@code []} for an index and {@code *} for a key.
 */
class ChartSettingsTest {

    private static final Path FILE = Path.of("helm/go-cache-server/files/settings.txt");

    @Test
    void theChartKnowsEverySettingAndNoOther() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode group : ConfigurationTest.metadata().get("groups")) {
            String prefix = group.get("name").asString();
            if (prefix.startsWith("cache-server")) {
                addNames(prefix, Class.forName(group.get("type").asString()), names);
            }
        }
        assertThat(names)
                .contains(
                        "cache-server.disk.max-age",
                        "cache-server.auth.tokens[].limits.requests-per-second",
                        "cache-server.auth.issuers.*.audience",
                        "cache-server.auth.session.secret-file",
                        "cache-server.quotas[].namespace")
                .doesNotContain("cache-server.disk", "cache-server.auth.session");
        assertThat(Files.readAllLines(FILE))
                .containsExactlyElementsOf(names.stream().distinct().sorted().toList());
    }

    private static void addNames(String prefix, Class<?> settings, List<String> names) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            Type type = component.getGenericType();
            if (type instanceof ParameterizedType generic) {
                boolean list = generic.getRawType() == List.class;
                name = list ? name + "[]" : name + ".*";
                type = generic.getActualTypeArguments()[list ? 0 : 1];
            }
            if (isSettings(type)) {
                addNames(name, (Class<?>) type, names);
            } else if (type != Object.class) { // a group, which has a record of its own
                names.add(name.replaceAll("\\[]$", ""));
            }
        }
    }

    /** Rather than a value, such as a size, which may be a record too. */
    private static boolean isSettings(Type type) {
        return type.getTypeName().matches("io\\.gocacheserver\\..*(Settings|Properties)");
    }
}
