package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class GoLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/usr/local/go/bin/go build -race ./... | go build -race ./...",
                "C:\\Go\\bin\\go.exe vet -tags a,b ./a | go vet -tags a,b ./a",
                "go -C dir build -o x ./cmd/x           | go -C dir build -o x ./cmd/x",
                "go build -ldflags -X=a.key=secret .    | go build .",
                "go build --ldflags=-X=a.key=secret .   | go build .",
                "go test -exec secret ./a               | go test ./a",
                "go test ./a ./b -v -cover=true         | go test ./a ./b -v -cover=true",
                "go test ./a -password=secret -race     | go test ./a -race",
                "go test ./a -password secret ./b       | go test ./a -password",
                "go test ./a -v -args secret            | go test ./a -v",
                "go run -race ./cmd/x secret -v         | go run -race ./cmd/x",
                "go run a.go b.go secret                | go run a.go b.go",
                "go run a.go -key secret                | go run a.go",
                "go tool -n example.com/gen secret      | go tool -n example.com/gen",
                "go mod edit secret                     | go mod edit",
                "golangci-lint run --key secret         | golangci-lint run",
                "gopls -key secret                      | gopls"
            })
    void leavesOutWhatProgramsAndTestsAreGiven(String line, String words) {
        assertThat(String.join(" ", line(line).words())).isEqualTo(words).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "go build ./b ./a       | build         | ./b ./a",
                "go -C dir mod tidy     | mod tidy      | ",
                "go tool x/y/stringer a | tool stringer | ",
                "go run a.go b.go c     | run           | a.go b.go",
                "go1.26.1 vet .         | vet           | .",
                "go                     | go            | ",
                "/x/golangci-lint run . | golangci-lint run | "
            })
    void knowsNameAndPackages(String line, String name, String packages) {
        assertThat(line(line).name()).isEqualTo(name);
        assertThat(String.join(" ", line(line).packages()))
                .isEqualTo(packages == null ? "" : packages);
    }

    @Test
    void isEmptyIfNothingIsKnown() {
        assertThat(GoLine.of(List.of())).isEqualTo(new GoLine(List.of(), "", List.of(), List.of(), false, false));
    }

    private static GoLine line(String line) {
        return GoLine.of(List.of(line.split(" +")));
    }
}
