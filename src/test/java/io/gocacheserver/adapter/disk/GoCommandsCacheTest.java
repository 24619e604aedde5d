package io.gocacheserver.adapter.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The layout against what the real {@code go} writes, where there is one. */
class GoCommandsCacheTest {

    @TempDir private Path directory;

    @Test
    void readsEveryEntryThatARealBuildLeftAndWouldWriteItsBytes() throws Exception {
        buildSomethingNatively();
        NativeCache cache = new NativeCache(directory.toString(), "1", InstantSource.system());

        List<Path> actions = actionFiles();
        assertThat(actions).isNotEmpty();
        for (Path file : actions) {
            String name = file.getFileName().toString();
            ActionId action = new ActionId(name.substring(0, name.length() - 2));
            CachedObject found = Objects.requireNonNull(cache.get(action), name);
            ActionRecord entry = new ActionRecord(found.output(), found.size(), found.unixNanos());
            assertThat(file).hasBinaryContent(entry.format(action));
        }
    }

    private void buildSomethingNatively() throws Exception {
        Path module = Files.createDirectory(directory.resolve("module"));
        Files.writeString(module.resolve("go.mod"), "module example.org/m\n");
        Files.writeString(module.resolve("m.go"), "package m\n\nfunc F() int { return 1 }\n");
        ProcessBuilder go =
                new ProcessBuilder(Program.GO.path().toString(), "list", "-export", "-e", ".");
        go.directory(module.toFile()).environment().put("GOCACHE", directory.toString());
        go.environment().put("GOTOOLCHAIN", "local");
        go.environment().remove("GOCACHEPROG");
        Process process = go.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
    }

    private List<Path> actionFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith("-a")).toList();
        }
    }
}
