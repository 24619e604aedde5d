package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProvenanceTest {

    @Test
    void whatCannotBePrintedIsReplaced() {
        assertThat(token("a\nb\u0000c\u001b[31m").token()).isEqualTo("a?b?c?[31m");
    }

    @Test
    void whatIsTooLongIsCut() {
        assertThat(token("x".repeat(1000)).token()).hasSize(Provenance.MAX_LENGTH);
    }

    @Test
    void whatIsEmptyIsUnknown() {
        assertThat(token("")).isEqualTo(Provenance.UNKNOWN);
    }

    @Test
    void theAddressIsThatOfTheRequest() {
        Provenance by = token("ci").from("10.0.0.7");
        assertThat(by.token()).isEqualTo("ci");
        assertThat(by.address()).isEqualTo("10.0.0.7");
    }

    private static Provenance token(String name) {
        return new Provenance(name, null, null, null, null, null, null);
    }
}
