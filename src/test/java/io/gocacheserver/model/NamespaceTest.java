package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceTest {

    @ParameterizedTest
    @ValueSource(strings = {"global", "a", "0", "team-a", "example.org_repo", "pr-17"})
    void aNameHasLettersDigitsAndInnerPunctuation(String name) {
        assertThat(new Namespace(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", ".", "..", "a/b", "A", "a b", "ä", "a\n", "a%2fb"})
    void nothingElseIsAName(String name) {
        assertThatExceptionOfType(InvalidNamespaceException.class)
                .isThrownBy(() -> new Namespace(name));
    }

    @Test
    void aNameHasAtMost63Characters() {
        assertThat(new Namespace("a".repeat(63)).name()).hasSize(63);
        assertThatExceptionOfType(InvalidNamespaceException.class)
                .isThrownBy(() -> new Namespace("a".repeat(64)))
                .withMessageContaining("64 characters");
    }

    @Test
    void theGlobalNamespaceIsKnownByItsName() {
        assertThat(new Namespace("global").isGlobal()).isTrue();
        assertThat(new Namespace("global")).isEqualTo(Namespace.GLOBAL);
        assertThat(new Namespace("globe").isGlobal()).isFalse();
    }
}
