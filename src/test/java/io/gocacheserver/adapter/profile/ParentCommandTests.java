package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParentCommandTests {

    @Test
    void isTheOneThatHasStartedThisProcess() {
        String parent =
                ProcessHandle.current()
                        .parent()
                        .flatMap(handle -> handle.info().command())
                        .orElse("");
        String program = parent.substring(parent.lastIndexOf('/') + 1);

        assertThat(ParentCommand.read()).isNotEmpty();
        assertThat(ParentCommand.read().getFirst()).endsWith(program);
    }

    @Test
    void hasArgumentsThatEndEachWithANul() {
        assertThat(ParentCommand.split("go\0build\0\0./...\0"))
                .containsExactly("go", "build", "", "./...");
        assertThat(ParentCommand.split("")).isEmpty();
    }
}
