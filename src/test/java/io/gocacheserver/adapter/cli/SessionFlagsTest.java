package io.gocacheserver.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class SessionFlagsTest {

    @Test
    void areThoseThatAreNotForTheResidentProcess() {
        assertThat(
                        flags(
                                "--server",
                                "http://c",
                                "--idle-timeout=1h",
                                "--socket=/s",
                                "--resident",
                                "off",
                                "--stable-times=false",
                                "--share-tests=false",
                                "--verbose",
                                "-mode=read-only"))
                .containsExactly(
                        "--server=http://c",
                        "--share-tests=false",
                        "--verbose=true",
                        "--mode=read-only");
    }

    @Test
    void neverTellTheToken() {
        assertThat(flags("--token", "secret", "--server=http://c", "-token=secret"))
                .containsExactly("--server=http://c");
    }

    @Test
    void nameFilesSoThatAnyDirectoryFindsThem() {
        String here = Path.of("").toAbsolutePath().toString();

        assertThat(flags("--ca-file", "certs/ca.pem", "--cache-dir=cache", "--stats-file=/s.json"))
                .containsExactly(
                        "--ca-file=" + here + "/certs/ca.pem",
                        "--cache-dir=" + here + "/cache",
                        "--stats-file=/s.json");
    }

    private static List<String> flags(String... flags) {
        String[] args = new String[flags.length + 2];
        args[0] = "ci";
        args[1] = "start";
        System.arraycopy(flags, 0, args, 2, flags.length);
        return SessionFlags.of(args);
    }
}
