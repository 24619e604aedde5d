package io.gocacheserver.profile;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.model.Namespace;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The kind of build that a profile is of, which only its hash tells from others.
 *
 * @param text made by {@link ProfileKeys}, for people
 */
record ProfileKey(String text) {

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
