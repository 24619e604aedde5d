package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.model.Namespace;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The kind of build that a profile is of: a text of the client that means nothing to the service.
 *
 * @param text 1 to {@value #MAX_LENGTH} printable ASCII characters, no spaces
 */
public record ProfileKey(String text) {

    /** The longest key, in characters. */
    public static final int MAX_LENGTH = 256;

    /**
     * Validates the key.
     *
     * @throws InvalidProfileKeyException if it is not of that form
     */
    public ProfileKey {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new InvalidProfileKeyException(
                    "a profile's key has 1 to %d characters, not %d"
                            .formatted(MAX_LENGTH, text.length()));
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new InvalidProfileKeyException(
                        "a profile's key has printable ASCII characters and no spaces; at position %d it has another"
                                .formatted(i));
            }
        }
    }

    /**
     * The name under which the tiers have the profile ({@link LocalDocuments}): the namespace, unless it is {@link
     * Namespace#GLOBAL}, and the SHA-256 of the text.
     */
    String name(Namespace namespace) {
        byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
        String hash = HexFormat.of().formatHex(digest);
        return namespace.isGlobal() ? hash : namespace.name() + '/' + hash;
    }
}
