package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.cli.UsageException;

import org.junit.jupiter.api.Test;

import java.util.Map;

class BuildCommandTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("GOCACHE", "/go/cache", "CACHESERVER_URL", "http://variable");

    @Test
    void isFoundInTheEnvironment() {
        assertThat(
                        BuildCommand.find(
                                        Map.of(
                                                "GOCACHEPROG",
                                                "'/a b/go-cache-adapter' --server http://c"))
                                .flags())
                .containsExactly("--server", "http://c");
    }

    @Test
    void hasNoFlagsOfOtherPrograms() {
        assertThat(BuildCommand.of("go-cacher --server http://c").flags()).isEmpty();
        assertThat(BuildCommand.of("").flags()).isEmpty();
        assertThat(BuildCommand.of("C:/bin/go-cache-adapter.exe --quiet").flags())
                .containsExactly("--quiet");
    }

    @Test
    void saysWhatIsExaminedUnlessTheCommandLineDoes() throws Exception {
        BuildCommand builds =
                BuildCommand.of("go-cache-adapter --server http://built --cache-dir=/built");

        assertThat(options(builds, "doctor").server()).hasToString("http://built");
        assertThat(options(builds, "doctor").cacheDir()).isEqualTo("/built");
        assertThat(options(builds, "doctor", "--server=http://given").server())
                .hasToString("http://given");
        assertThat(options(BuildCommand.of("go-cache-adapter"), "doctor").server())
                .hasToString("http://variable");
    }

    @Test
    void isNamedWhereItIsWrong() {
        BuildCommand builds = BuildCommand.of("go-cache-adapter --sever http://built");

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> options(builds, "doctor"))
                .withMessage(
                        "unknown flag --sever: is --server meant? (on the command line or in"
                                + " GOCACHEPROG)");
    }

    private static Options options(BuildCommand builds, String... args) throws UsageException {
        return builds.parse(args, ENVIRONMENT).session();
    }
}
