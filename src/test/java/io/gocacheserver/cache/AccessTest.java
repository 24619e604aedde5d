package io.gocacheserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gocacheserver.cache.Access.NotAllowedException;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.junit.jupiter.api.Test;

import java.util.List;

class AccessTest {

    private static final Namespace TEAM = new Namespace("team");

    @Test
    void whoMayNotWriteHasNoNamespaceToWrite() {
        Access access = Access.of(List.of(Namespace.GLOBAL), null, Provenance.UNKNOWN);
        assertThatExceptionOfType(NotAllowedException.class).isThrownBy(access::requireWrites);
    }

    @Test
    void nobodyWritesWhatHeCannotRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Access.of(List.of(Namespace.GLOBAL), TEAM, Provenance.UNKNOWN));
    }

    @Test
    void anAddressChangesNothingOfWhatIsAllowed() {
        Access access = Access.of(List.of(TEAM), TEAM, Provenance.UNKNOWN);
        Access from = access.from("10.0.0.7");
        assertThat(from.reads()).isEqualTo(access.reads());
        assertThat(from.requireWrites()).isEqualTo(TEAM);
        assertThat(from.anyObject()).isFalse();
        assertThat(from.by().address()).isEqualTo("10.0.0.7");
    }
}
