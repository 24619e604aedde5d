package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"abcd", "0123456789abcdef", "0000"})
    void acceptsLowerCaseHexOfEvenLength(String hex) {
        assertThat(new ActionId(hex).hex()).isEqualTo(hex);
        assertThat(new OutputId(hex)).hasToString(hex);
    }

    @Test
    void acceptsThousandCharacters() {
        String hex = "ab".repeat(500);
        assertThat(new ActionId(hex).hex()).isEqualTo(hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ab", "abc", "abcde", "ABCD", "abcD", "wxyz", "ab d", "..%2f", "абвг"})
    void refusesAnythingElse(String hex) {
        assertThatExceptionOfType(InvalidIdException.class).isThrownBy(() -> new ActionId(hex));
        assertThatExceptionOfType(InvalidIdException.class).isThrownBy(() -> new OutputId(hex));
    }

    @Test
    void refusesMoreThanThousandCharactersWithoutRepeatingThemAll() {
        assertThatExceptionOfType(InvalidIdException.class)
                .isThrownBy(() -> new ActionId("a".repeat(2000)))
                .withMessageContaining("2000 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void theMessageNamesKindAndValue() {
        assertThatExceptionOfType(InvalidIdException.class)
                .isThrownBy(() -> new OutputId("abcX"))
                .withMessageContaining("output ID \"abcX\"")
                .withMessageContaining("position 3");
    }

    @Test
    void bytesAndHexAreTwoFormsOfOneId() {
        ActionId id = new ActionId("00ff10ab");
        assertThat(id.bytes()).containsExactly(0x00, 0xff, 0x10, 0xab);
        assertThat(ActionId.of(id.bytes())).isEqualTo(id);
        assertThat(OutputId.of(id.bytes()).bytes()).isEqualTo(id.bytes());
    }
}
