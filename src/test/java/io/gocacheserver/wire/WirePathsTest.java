package io.gocacheserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import org.junit.jupiter.api.Test;

class WirePathsTest {

    private static final ActionId ACTION = new ActionId("abcd");
    private static final OutputId OUTPUT = new OutputId("ef01");

    @Test
    void pathsAreThoseOfTheContract() {
        assertThat(WirePaths.action(ACTION)).isEqualTo("/action/abcd");
        assertThat(WirePaths.output(OUTPUT)).isEqualTo("/output/ef01");
        assertThat(WirePaths.put(ACTION, OUTPUT)).isEqualTo("/abcd/ef01");
    }
}
