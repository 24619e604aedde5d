package io.gocacheserver.operations.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.gocacheserver.model.Entry;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * An action, and who put it as far as that is known.
 *
 * @param action its ID
 * @param output of the action
 * @param time when it was put
 * @param token name of the static token
 * @param issuer of the JWT, with its claims
 * @param address from which it came
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Write(
        String action,
        String namespace,
        String output,
        Instant time,
        @Nullable String token,
        @Nullable String issuer,
        @Nullable String subject,
        @Nullable String repository,
        @Nullable String ref,
        @Nullable String run,
        @Nullable String address) {

    static Write of(Entry entry) {
        Provenance by = entry.by();
        return new Write(
                entry.action().hex(),
                entry.key().namespace().name(),
                entry.output().hex(),
                entry.time(),
                by.token(),
                by.issuer(),
                by.subject(),
                by.repository(),
                by.ref(),
                by.run(),
                by.address());
    }
}
