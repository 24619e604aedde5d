package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class GoInvocationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "go run gen.go                    | gen",
                "go run -race ../tools/gen.go x.y | gen",
                "go run gen.go a.go more.txt      | gen",
                "go run ./gen                     | ",
                "go build gen.go                  | ",
                "go                               | "
            })
    void knowsWhatAProgramMadeOfAFileIsCalled(String command, String name) {
        assertThat(invocation(command).executableName()).isEqualTo(name == null ? "" : name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "go tool -n gen                       | tool -n gen",
                "/usr/bin/go tool -n gen -flag value  | tool -n gen",
                "go -C dir tool -n gen                | tool -n gen",
                "go tool -C dir -n example.com/gen    | tool -n example.com/gen",
                "go tool -modfile tools.mod -n gen    | tool -modfile tools.mod -n gen",
                "go tool -modfile=tools.mod -n gen    | tool -modfile=tools.mod -n gen"
            })
    void knowsTheCommandThatTellsAToolsPath(String command, String same) {
        assertThat(String.join(" ", invocation(command).toolPathCommand()))
                .isEqualTo("/go/root/bin/go " + same);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "go tool gen -n",
                "go tool -n",
                "go tool",
                "go run -n ./gen",
                "go -C dir",
                "go",
                "gopls tool -n gen"
            })
    void knowsThatOtherCommandsDoNotAskForAPath(String command) {
        assertThat(invocation(command).toolPathCommand()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/usr/local/go/bin/go test -run Secret ./... | go test",
                "go -C dir mod tidy                          | go mod tidy",
                "go                                          | go",
                "/opt/golangci-lint run ./...                | golangci-lint run"
            })
    void hasANameForPeople(String command, String name) {
        assertThat(invocation(command).commandName()).isEqualTo(name);
    }

    private static GoInvocation invocation(String command) {
        return new GoInvocation("/work", List.of(command.split(" ")), Map.of("GOROOT", "/go/root"));
    }
}
