package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gocacheserver.model.OutputId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

class ActionRecordTest {

    private static final String HEX =
            "0138a870eedc6178dc32bce961828d92414d2517bda64d4dbb1ecc8c0ec4ea99";
    private static final OutputId OUTPUT = new OutputId(HEX);
    private static final Instant TIME = Instant.parse("2023-11-14T22:13:20.123456789Z");
    private static final String NANOS = "1700000000123456789";

    @Test
    void isWrittenAsIdAndUnixNanoseconds() {
        assertThat(new ActionRecord(OUTPUT, TIME).format()).asString().isEqualTo(HEX + " " + NANOS);
    }

    @Test
    void isReadAsItIsWritten() {
        ActionRecord written = new ActionRecord(OUTPUT, TIME);
        assertThat(ActionRecord.parse(written.format())).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEX + "\t" + NANOS,
                HEX + "\n" + NANOS + "\n",
                "  " + HEX + "   " + NANOS + "  ",
                "\r\n" + HEX + " \t " + NANOS + "\r\n",
                HEX + "\u00a0" + NANOS,
                "\u2003" + HEX + " +" + NANOS + "\u2003",
                "\u0085" + HEX + " " + NANOS + "\u00a0"
            })
    void fieldsAreSeparatedAndSurroundedByAnyWhiteSpace(String text) {
        assertThat(parse(text)).isEqualTo(new ActionRecord(OUTPUT, TIME));
    }

    @Test
    void aTimeMayLieBeforeTheEpoch() {
        assertThat(parse(HEX + " -1").time()).isEqualTo(Instant.ofEpochSecond(0, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", HEX, HEX + " ", NANOS, HEX + " " + NANOS + " more"})
    void anythingButTwoFieldsIsInvalid(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(text))
                .withMessageContaining("invalid action record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "abc", "xyzw", "0138A870EEDC"})
    void anInvalidIdMakesTheRecordInvalid(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(id + " " + NANOS))
                .withMessageContaining("invalid action record")
                .withMessageContaining(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "now",
                "1.5",
                "0x10",
                "1e9",
                "1_000",
                "--1",
                "+",
                "9223372036854775808",
                "-9223372036854775809",
                "١٢٣"
            })
    void aTimestampThatIsNo64BitNumberIsInvalid(String timestamp) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(HEX + " " + timestamp))
                .withMessageContaining("invalid timestamp")
                .withMessageContaining(timestamp);
    }

    @Test
    void bytesThatAreNoTextAreInvalid() {
        byte[] noise = {(byte) 0xff, (byte) 0xfe, ' ', '1'};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ActionRecord.parse(noise))
                .withMessageContaining("invalid action record");
    }

    private static ActionRecord parse(String text) {
        return ActionRecord.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
