package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.UsageException;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class BuildCommandTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("GOCACHE", "/go/cache", "CACHESERVER_URL", "http://variable");

    @Test
    void hasNoFlagsOfOtherPrograms() {
        assertThat(Doctor.flagsOf("'/a b/go-cache-adapter' --server http://c"))
                .containsExactly("--server", "http://c");
        assertThat(Doctor.flagsOf("go-cacher --server http://c")).isEmpty();
        assertThat(Doctor.flagsOf("")).isEmpty();
        assertThat(Doctor.flagsOf("C:/bin/go-cache-adapter.exe --quiet"))
                .containsExactly("--quiet");
    }

    @Test
    void saysWhatIsExaminedUnlessTheCommandLineDoes() throws Exception {
        String builds = "go-cache-adapter --server http://built --cache-dir=/built";

        assertThat(options(builds, "doctor").server()).hasToString("http://built");
        assertThat(options(builds, "doctor").cacheDir()).isEqualTo("/built");
        assertThat(options(builds, "doctor", "--server=http://given").server())
                .hasToString("http://given");
        assertThat(options("go-cache-adapter", "doctor").server()).hasToString("http://variable");
    }

    @Test
    void isNamedWhereItIsWrong() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options("go-cache-adapter --sever http://built", "doctor"))
                .withMessage(
                        "unknown flag --sever: is --server meant? (on the command line or in"
                                + " GOCACHEPROG)");
    }

    private static Options options(String builds, String... args) throws UsageException {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("GOCACHEPROG", builds);
        return Doctor.parse(args, environment).session();
    }
}
