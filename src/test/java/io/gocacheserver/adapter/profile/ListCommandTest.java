package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

/** What {@code go list} is asked for a build. */
class ListCommandTest {

    private static final String LIST = "/go/bin/go list -e -deps -export -p=1";

    @ParameterizedTest
    @CsvSource({
        "go build ./..., -- ./...",
        "/usr/bin/go -C sub build -v -o x -tags a -race ./cmd/x ./cmd/y, -tags a -race -- ./cmd/x ./cmd/y",
        "go install -trimpath -ldflags=-w ., -trimpath -ldflags=-w -- .",
        "go test -run X -count=1 -race ./... -v, -test -race -- ./...",
        "go test ./p -v -args -race, -test -- ./p",
        "go run -gcflags=-N x.go y.go z, -gcflags=-N -- x.go y.go",
        "go run ./cmd/x -race, -- ./cmd/x",
        "go build, --"
    })
    void hasTheBuildsFlagsAndPackages(String build, String rest) {
        assertThat(String.join(" ", list(build, ""))).isEqualTo(LIST + ' ' + rest);
    }

    @ParameterizedTest
    @CsvSource({
        "go vet ./...",
        "go test -cover ./...",
        "go test -coverpkg=./... ./p",
        "go env",
        "go",
        "gopls serve",
        "go build -n ."
    })
    void isNotAskedWhereItWouldCompileSomethingElse(String build) {
        assertThat(list(build, "")).isEmpty();
        assertThat(list("go test ./...", "-cover")).isEmpty();
    }

    private static List<String> list(String build, String goFlags) {
        return new GoInvocation(
                        "/module",
                        List.of(build.split(" ")),
                        Map.of("GOROOT", "/go", "GOFLAGS", goFlags))
                .listCommand();
    }
}
