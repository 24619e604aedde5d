package io.gocacheserver.adapter.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class ParentCommandTest {

    @Test
    void isTheOneThatHasStartedThisProcess() {
        // Its program may be a symbolic link, such as /bin/sh, which the handle resolves, and the
        // handle may not know
        // its arguments.
        List<String> command = ParentCommand.read();
        assertThat(command.getFirst()).isNotEmpty();
        ProcessHandle.current()
                .parent()
                .flatMap(parent -> parent.info().arguments())
                .ifPresent(
                        arguments ->
                                assertThat(command.subList(1, command.size()))
                                        .containsExactly(arguments));
    }

    @Test
    void hasArgumentsThatEndEachWithANul() {
        assertThat(ParentCommand.split("go\0build\0\0./...\0"))
                .containsExactly("go", "build", "", "./...");
        assertThat(ParentCommand.split("")).isEmpty();
    }
}
