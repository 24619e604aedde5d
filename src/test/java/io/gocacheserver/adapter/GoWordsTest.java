package io.gocacheserver.adapter;

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
        assertThat(CiJob.goWord(word)).isEqualTo(word);
    }

    @Test
    void quotesWhatWouldBeSplitOrLost() throws Exception {
        assertThat(CiJob.goWord("two words")).isEqualTo("'two words'");
        assertThat(CiJob.goWord("a\ttab")).isEqualTo("'a\ttab'");
        assertThat(CiJob.goWord("it's a word")).isEqualTo("\"it's a word\"");
        assertThat(CiJob.goWord("\"marked\"")).isEqualTo("'\"marked\"'");
        assertThat(CiJob.goWord("'marked'")).isEqualTo("\"'marked'\"");
        assertThat(CiJob.goWord("")).isEqualTo("''");
    }

    @Test
    void splitsAsTheGoCommandDoes() throws Exception {
        assertThat(GoFlags.split("  a\t'two words' \"it's\" --x=\"y\" '' "))
                .containsExactly("a", "two words", "it's", "--x=\"y\"", "");
        assertThat(GoFlags.split("")).isEmpty();
        for (String word : new String[] {"plain", "two words", "it's a word", "\"marked\"", ""}) {
            assertThat(GoFlags.split(CiJob.goWord(word))).containsExactly(word);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's a \"word\"", "'both\"", "two\nlines", "two\rlines"})
    void refusesAWordThatTheGoCommandCannotBeTold(String word) {
        assertThatIOException()
                .isThrownBy(() -> CiJob.goWord(word))
                .withMessageContaining("GOCACHEPROG");
    }
}
