package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.wire.ProblemType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI description says what the service does. */
class DescriptionTest extends WebFixture {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    @Autowired private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Test
    void itIsServedAsYaml() throws Exception {
        var response = get("/openapi.yaml");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/yaml");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).startsWith("openapi: 3.1");
    }

    @Test
    void itHasEveryPathAndMethodOfTheControllersAndNoOther() throws Exception {
        Set<String> described = new TreeSet<>();
        paths().forEach(
                        (path, item) ->
                                map(item).keySet().stream()
                                        .filter(METHODS::contains)
                                        .forEach(method -> described.add(method + " " + path)));

        assertThat(described).isEqualTo(mapped());
    }

    @Test
    void theStartOfABuildIsDescribedWithItsFramesAndErrors() throws Exception {
        Map<String, Object> start = map(map(paths().get("/prefetch")).get("post"));

        assertThat(String.valueOf(start.get("description")))
                .contains("1 hit, 2 absent, 4 not sent, 5 failed; 0 end");
        assertThat(map(start.get("responses")).keySet())
                .contains(
                        "200",
                        Integer.toString(ProblemType.BAD_REQUEST.status()),
                        Integer.toString(ProblemType.TOO_LARGE.status()),
                        Integer.toString(ProblemType.BUSY.status()));
    }

    private Set<String> mapped() {
        Set<String> mapped = new TreeSet<>();
        requestMappingHandlerMapping
                .getHandlerMethods()
                .forEach(
                        (mapping, handler) -> {
                            boolean ours =
                                    handler.getBeanType().getName().startsWith("io.gocacheserver.");
                            if (!ours || handler.getBeanType() == ProblemErrorController.class) {
                                return;
                            }
                            // Where a path has two forms, the shorter ends where its ID should
                            // begin.
                            String pattern =
                                    Collections.max(
                                            mapping.getPatternValues(),
                                            Comparator.comparingInt(String::length));
                            add(mapped, mapping.getMethodsCondition().getMethods(), pattern);
                        });
        return mapped;
    }

    private static void add(Set<String> mapped, Set<?> methods, String pattern) {
        String path = pattern.replaceAll("\\{(\\w+):[^}]*}", "{$1}").replace(".sha256", "");
        methods.forEach(
                method -> mapped.add(method.toString().toLowerCase(Locale.ROOT) + " " + path));
    }

    private Map<String, Object> paths() throws Exception {
        String text = new String(get("/openapi.yaml").body(), StandardCharsets.UTF_8);
        return map(map(new Yaml().load(text)).get("paths"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
