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
    void aPartForModulesHasANameThatNoClientCanGive() {
        Namespace team = new Namespace("team");
        assertThat(team.modules()).isNotEqualTo(team);
        assertThat(team.modules().isModules()).isTrue();
        assertThat(team.modules().owner()).isEqualTo(team);
        assertThat(team.modules().modules()).isEqualTo(team.modules());
        assertThat(Namespace.stored(team.modules().name())).isEqualTo(team.modules());
        assertThat(Namespace.stored(team.modules().name()).isModules()).isTrue();
        assertThat(Namespace.stored("team")).isEqualTo(team);
        assertThat(Namespace.GLOBAL.modules().isGlobal()).isFalse();
        assertThatExceptionOfType(InvalidNamespaceException.class)
                .isThrownBy(() -> new Namespace(team.modules().name()));
    }

    @Test
    void theGlobalNamespaceIsKnownByItsName() {
        assertThat(new Namespace("global").isGlobal()).isTrue();
        assertThat(new Namespace("global")).isEqualTo(Namespace.GLOBAL);
        assertThat(new Namespace("globe").isGlobal()).isFalse();
    }
}
