package io.gocacheserver.adapter.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code GoTestIT} holds the rule to what the real Go command keeps. */
class TestResultTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# test log\n",
                "# test log\ngetenv HOME\nopen testdata/x\n",
                "ok  \ta.example/b\t0.003s\n",
                "ok  \ta.example/b\t0.003s [no tests to run]\n",
                "=== RUN   TestX\n--- PASS: TestX (0.00s)\nPASS\nok  \ta/b\t12.003s\tcoverage: 5.0% of statements\n",
                "mode: set\na/b.go:1.2,3.4 1 1\n",
                "mode: atomic\n"
            })
    void knowsWhatIsKeptOfATest(String text) throws IOException {
        assertThat(isTestResult(text)).isTrue();
        assertThat(isTestResult("x".repeat(100_000) + '\n' + text))
                .isEqualTo(text.contains("ok  \t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "# test logs\n",
                "# a/b\nvet: warning\n",
                "ok  \ta/b\t0.003s",
                "ok  \ta/b\t0.003s\n}\n",
                "ok a/b 0.003s\n",
                "ok  \ta/b\t(cached)\n",
                "a line with ok  \ta/b\t0.003s\n",
                "!<arch>\n__.PKGDEF\nok  \ta/b\t0.003s\n",
                "mode: other\n",
                "package p\n\nconst mode = `\nmode: set\n`\n"
            })
    void knowsWhatIsNot(String text) throws IOException {
        assertThat(isTestResult(text)).isFalse();
    }

    private boolean isTestResult(String text) throws IOException {
        return TestResult.of(Files.writeString(directory.resolve("object"), text).toString())
                != null;
    }
}
