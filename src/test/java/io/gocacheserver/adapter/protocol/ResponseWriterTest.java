package io.gocacheserver.adapter.protocol;

import static io.gocacheserver.testsupport.TestValues.base64;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class ResponseWriterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ResponseWriter writer = new ResponseWriter(out);

    @Test
    void writesOneLineForEachAnswer() throws IOException {
        writer.greet();
        writer.miss(1);
        writer.hit(2, output(bytes("o")), 1, 1_000_000_000L, "/c/x-d");
        writer.stored(3, "/c/y-d");
        writer.closed(4);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"ID\":0,\"KnownCommands\":[\"get\",\"put\",\"close\"]}\n"
                                + "{\"ID\":1,\"Miss\":true}\n"
                                + "{\"ID\":2,\"OutputID\":\""
                                + base64(output(bytes("o")).bytes())
                                + "\",\"Size\":1,\"Time\":\"1970-01-01T00:00:01.000000000Z\","
                                + "\"DiskPath\":\"/c/x-d\"}\n"
                                + "{\"ID\":3,\"DiskPath\":\"/c/y-d\"}\n"
                                + "{\"ID\":4}\n");
    }

    @Test
    void escapesWhatJsonDoesNotAllowInStrings() throws IOException {
        writer.error(1, "C:\\a \"b\"\n\u0001 ü" + "x".repeat(2000));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"ID\":1,\"Err\":\"C:\\\\a \\\"b\\\"\\u000a\\u0001 ü"
                                + "x".repeat(2000)
                                + "\"}\n");
    }
}
