package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class MainModuleTest {

    @TempDir Path directory;

    @Test
    void isLookedForUpwards() throws IOException {
        Path below = module("m", "module example.com/app\n\ngo 1.26\n").resolve("a/b");
        Files.createDirectories(below);

        assertThat(find(below, Map.of(), "go build ./..."))
                .isEqualTo(
                        new MainModule(
                                "example.com/app",
                                directory.resolve("m").toString(),
                                below.toString()));
    }

    @Test
    void isNotTheOneOfAnInstalledProgram() throws IOException {
        Path module = module("m", "module example.com/app\n");

        assertThat(find(module, Map.of(), "go install example.org/x/cmd/y@v1.2.3"))
                .isEqualTo(new MainModule("example.org/x/cmd/y", "", module.toString()));
        assertThat(find(module, Map.of(), "go run example.org/x/cmd/y@latest -v").name())
                .isEqualTo("example.org/x/cmd/y");
        assertThat(find(module, Map.of(), "go install ./cmd/y").name())
                .isEqualTo("example.com/app");
    }

    @Test
    void isTheWorkspaceIfThereIsOne() throws IOException {
        Path one = module("w/one", "module example.com/one\n");
        Path two = module("w/two", "module example.com/two\n");
        Path work = directory.resolve("w/go.work");
        Files.writeString(work, "go 1.26\n\nuse (\n\t// first\n\t./one\n\t./two\n)\n");
        String root = directory.resolve("w").toString();

        assertThat(find(two, Map.of(), "go build ./..."))
                .isEqualTo(new MainModule("example.com/one", root, two.toString()));
        assertThat(find(two, Map.of("GOWORK", "off"), "go build ./...").name())
                .isEqualTo("example.com/two");
        assertThat(find(directory, Map.of("GOWORK", work.toString()), "go build ./...").name())
                .isEqualTo("example.com/one");
        Files.writeString(work, "go 1.26\n");
        assertThat(find(one, Map.of(), "go build ./...").name()).isEqualTo("w");
    }

    @Test
    void isFoundThroughASymbolicLink() throws IOException {
        Path module = module("m", "module example.com/app\n");
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/x"));
        Path link = Files.createSymbolicLink(module.resolve("x"), elsewhere);

        assertThat(find(elsewhere, Map.of("PWD", link.toString()), "go build ."))
                .isEqualTo(new MainModule("example.com/app", module.toString(), link.toString()));
        assertThat(find(elsewhere, Map.of("PWD", module.toString()), "go build .").name())
                .isEmpty();
        assertThat(find(elsewhere, Map.of("PWD", "x"), "go build .").name()).isEmpty();
    }

    @Test
    void isNoneWhereThereIsNone() {
        assertThat(find(directory, Map.of(), "go run x.go").name()).isEmpty();
        assertThat(
                        MainModule.of(
                                        new GoInvocation("", List.of(), Map.of()),
                                        GoLine.of(List.of()))
                                .name())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "module example.com/a, example.com/a",
        "'// about\\n\\nmodule\\texample.com/a // x\\ngo 1.26', example.com/a",
        "'module \"example.com/a\"\\r\\n', example.com/a",
        "'module `example.com/a`', example.com/a",
        "'module (\\n\\texample.com/a\\n)\\n', example.com/a",
        "'modules example.com/a', ''",
        "'module', ''",
        "'module (\\n)', ''",
        "'module \"', '\"'",
        "'', ''"
    })
    void hasTheNameThatItsFileSays(String text, String name) {
        String file = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r");

        assertThat(MainModule.firstArgument(file, "module")).isEqualTo(name);
    }

    private Path module(String name, String goMod) throws IOException {
        Path module = Files.createDirectories(directory.resolve(name));
        Files.writeString(module.resolve("go.mod"), goMod);
        return module;
    }

    private static MainModule find(Path working, Map<String, String> environment, String line) {
        List<String> command = Arrays.asList(line.split(" "));
        return MainModule.of(
                new GoInvocation(working.toString(), command, environment), GoLine.of(command));
    }
}
