package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class BuildNameTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("GOVERSION", "go1.26.1", "GOOS", "linux", "GOARCH", "amd64");

    @TempDir private Path directory;

    @Test
    void saysWhatIsBuiltWithWhat() throws IOException {
        Files.writeString(directory.resolve("go.mod"), "module example.com/app\n");

        assertThat(name("/usr/local/go/bin/go", "test", "-run", "Secret", "./..."))
                .isEqualTo(new BuildName("example.com/app", "go test", "go1.26.1", "linux/amd64"));
    }

    @Test
    void namesAnotherProgramThatUsesTheCache() {
        assertThat(name("/opt/golangci-lint", "run", "./...").command())
                .isEqualTo("golangci-lint run");
    }

    @Test
    void doesNotKnowAnythingOfAProgramThatIsGone() {
        GoInvocation gone = new GoInvocation(directory.toString(), List.of(), Map.of());

        assertThat(BuildName.of(gone)).isEqualTo(new BuildName(null, null, null, null));
    }

    private BuildName name(String... command) {
        return BuildName.of(new GoInvocation(directory.toString(), List.of(command), ENVIRONMENT));
    }
}
