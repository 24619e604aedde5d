package io.gocacheserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;

class ExecutableContentTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f454c4602010100", // ELF
                "7f454c46",
                "feedface00000012", // Mach-O: 32 and 64 bits, in both byte orders
                "cefaedfe07000000",
                "feedfacf01000007",
                "cffaedfe0c000001",
                "cafebabe00000002", // for two processors
                "cafebabf00000002",
                "4d5a900003000000", // PE
                "4d5a7800010000",
                "2321",
                "23212f62696e2f73" // #!/bin/s
            })
    void knowsExecutables(String hex) {
        assertThat(isExecutable(hex)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "23",
                "7f454c",
                "213c617263683e0a", // !<arch>
                "676f20696e646578", // go index
                "6f6b2020092e2e2e", // ok, of a test
                "4d5a206973206120", // MZ is a
                "cafebabe00000041", // a Java class
                "cafebabe",
                "0061736d01000000", // WebAssembly: whoever runs it needs no permission to
                "2a21"
            })
    void knowsWhatIsNone(String hex) {
        assertThat(isExecutable(hex)).isFalse();
    }

    private static boolean isExecutable(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] head = new byte[ExecutableContent.HEAD_LENGTH];
        System.arraycopy(bytes, 0, head, 0, bytes.length);
        return ExecutableContent.isExecutable(head, bytes.length);
    }
}
