package io.gocacheserver.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.wire.GoFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class GoCommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "go build ./...                                 | build        | ./...",
                "/usr/local/go/bin/go vet ./a ./b               | vet          | ./a ./b",
                "C:\\Go\\bin\\go.exe test ./...                 | test         | ./...",
                "go1.26.1 build .                               | build        | .",
                "go build -o /tmp/x -v -p 4 ./cmd/x             | build        | ./cmd/x",
                "go build b.go a.go                             | build        | a.go b.go",
                "go build -- ./x                                | build        | ./x",
                "go -C dir build ./...                          | build        | ./...",
                "go build -C dir ./...                          | build        | ./...",
                "go test -run X -count 1 ./...                  | test         | ./...",
                "go test -run=X -count=1 ./... -timeout 5m      | test         | ./...",
                "go test ./a -v -args ./b -race                 | test         | ./a",
                "go test -test.run X ./a                        | test         | ./a",
                "go test -c ./a                                 | test         | ./a",
                "go vet -c 2 ./a                                | vet          | ./a",
                "go run ./cmd/x ./y -race                       | run          | ./cmd/x",
                "go run a.go b.go ./data                        | run          | a.go b.go",
                "go install example.com/x/cmd/y@v1.2.3          | install      | example.com/x/cmd/y@v1.2.3",
                "go tool stringer -type T ./x                   | tool stringer| ",
                "go tool -n example.com/gen                     | tool gen     | ",
                "go mod tidy -v                                 | mod tidy     | ",
                "go list -f {{.Dir}} -export ./...              | list         | ./...",
                "go generate ./...                              | generate     | ./...",
                "go                                             | go           | ",
                "/opt/golangci-lint run --timeout 5m ./...      | golangci-lint run | ",
                "gopls                                          | gopls        | ",
                "goreleaser build                               | goreleaser build | "
            })
    void knowsCommandAndPackages(String line, String name, String packages) {
        GoCommand command = command(line);

        assertThat(command.name()).isEqualTo(name);
        assertThat(String.join(" ", command.packages()))
                .isEqualTo(packages == null ? "" : packages);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "go build -race ./...                       |            | race=true",
                "go build --race=1 ./...                    |            | race=1",
                "go build .                                 | -race      | race=true",
                "go build -race=false .                     | -race      | ",
                "go build -trimpath -buildmode pie .        |            | buildmode=pie trimpath=true",
                "go build -buildmode=exe -compiler gc .     |            | ",
                "go build -gcflags=all=-N .                 |            | gcflags=all=-N",
                "go build -toolexec /tmp/1/garble .         |            | toolexec=garble",
                "go test ./a -race                          |            | race=true",
                "go run ./x -race                           |            | ",
                "go run -race ./x                           |            | race=true"
            })
    void knowsWhatMakesEveryObjectAnotherOne(String line, String goFlags, String flags) {
        GoCommand command = GoCommand.of(words(line), goFlags == null ? "" : goFlags);

        assertThat(text(command.forAll())).isEqualTo(flags == null ? "" : flags);
        assertThat(command.forSome()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "go build -tags a,b .                        |            | tags=a,b",
                "go build -tags b .                          | -tags=a    | tags=b",
                "go build -ldflags=-X=main.commit=1a2b .     |            | ",
                "go build -gcflags=-m -mod=mod .             |            | gcflags=-m",
                "go build .                                  | -mod=vendor -modcacherw | mod=vendor",
                "go test -cover -coverpkg ./... ./a          |            | cover=true coverpkg=./...",
                "go test -vet off ./a                        |            | vet=off",
                "go test -fuzz FuzzX ./a                     |            | fuzz=true",
                "go vet -vettool=/tmp/7/linter ./a           |            | vettool=linter",
                "go list -deps -export -test ./...           |            | deps=true export=true test=true",
                "go build -overlay /tmp/1.json -pgo=auto .   |            | overlay=true"
            })
    void knowsWhatChangesSomePackages(String line, String goFlags, String flags) {
        GoCommand command = GoCommand.of(words(line), goFlags == null ? "" : goFlags);

        assertThat(text(command.forSome())).isEqualTo(flags == null ? "" : flags);
        assertThat(command.forAll()).isEmpty();
    }

    @Test
    void readsGoFlagsAsTheGoCommandDoes() {
        assertThat(GoFlags.split("  -race\t'-ldflags=-s -w' \"-tags=a b\" -x=it's "))
                .containsExactly("-race", "-ldflags=-s -w", "-tags=a b", "-x=it's");
        assertThat(GoFlags.split("'-tags=open")).containsExactly("-tags=open");
        assertThat(GoFlags.split("")).isEmpty();
    }

    @Test
    void survivesWhatNoGoCommandTakes() {
        for (String line : List.of("go build -tags", "go -", "go build - --", "go test -run")) {
            assertThat(command(line).forAll()).isEmpty();
        }
        assertThat(GoCommand.of(List.of(), "- -- -race x").forAll()).containsKey("race");
    }

    private static GoCommand command(String line) {
        return GoCommand.of(words(line), "");
    }

    private static List<String> words(String line) {
        return Arrays.asList(line.split(" +"));
    }

    private static String text(Map<String, String> flags) {
        StringBuilder text = new StringBuilder();
        flags.forEach((name, value) -> text.append(name).append('=').append(value).append(' '));
        return text.toString().strip();
    }
}
