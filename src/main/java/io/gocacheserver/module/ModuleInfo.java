package io.gocacheserver.module;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that says what a version is: {@code {"Version": "v1.2.3", "Time": …}}. */
final class ModuleInfo {

    private ModuleInfo() {}

    /** What is wrong with an answer, or null: one about a version names that, one to a query names some version. */
    static @Nullable String wrong(ModuleFile file, byte[] json) {
        JsonNode info;
        try {
            info = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return "it is no JSON";
        }
        String version = info.path("Version").asString("");
        if (!ModuleNames.isCanonical(version)) {
            return "it names no version";
        }
        return file.kind() == ModuleFile.Kind.INFO && !version.equals(file.version())
                ? "it is about %s".formatted(version)
                : null;
    }
}
