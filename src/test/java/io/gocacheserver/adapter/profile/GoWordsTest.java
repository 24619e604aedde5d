package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.gocacheserver.wire.GoFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoWordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"plain", "--flag=value", "it's", "say-\"so\"", "both'\"", "back\\slash"})
    void leavesAWordAloneThatTheGoCommandDoesNotSplit(String word) throws Exception {
        assertThat(GoWords.quote(word)).isEqualTo(word);
    }

    @Test
    void quotesWhatWouldBeSplitOrLost() throws Exception {
        assertThat(GoWords.quote("two words")).isEqualTo("'two words'");
        assertThat(GoWords.quote("a\ttab")).isEqualTo("'a\ttab'");
        assertThat(GoWords.quote("it's a word")).isEqualTo("\"it's a word\"");
        assertThat(GoWords.quote("\"marked\"")).isEqualTo("'\"marked\"'");
        assertThat(GoWords.quote("'marked'")).isEqualTo("\"'marked'\"");
        assertThat(GoWords.quote("")).isEqualTo("''");
    }

    @Test
    void splitsAsTheGoCommandDoes() throws Exception {
        assertThat(GoFlags.split("  a\t'two words' \"it's\" --x=\"y\" '' "))
                .containsExactly("a", "two words", "it's", "--x=\"y\"", "");
        assertThat(GoFlags.split("")).isEmpty();
        for (String word : new String[] {"plain", "two words", "it's a word", "\"marked\"", ""}) {
            assertThat(GoFlags.split(GoWords.quote(word))).containsExactly(word);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's a \"word\"", "'both\"", "two\nlines", "two\rlines"})
    void refusesAWordThatTheGoCommandCannotBeTold(String word) {
        assertThatIOException()
                .isThrownBy(() -> GoWords.quote(word))
                .withMessageContaining("GOCACHEPROG");
    }
}
