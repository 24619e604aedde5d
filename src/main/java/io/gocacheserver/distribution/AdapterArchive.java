package io.gocacheserver.distribution;

import com.fasterxml.jackson.annotation.JsonIgnore;

import io.gocacheserver.cache.tier.Digests;

import org.springframework.core.io.Resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One archive of the adapter, {@code go-cache-adapter-<version>-<platform>.tar.gz}.
 * Its name has letters, digits, dots, dashes, pluses and underscores alone, so that it is safe in a shell.
 *
 * @param platform such as {@code linux-x86_64}; {@code any} for the one that needs an installed Java
 */
record AdapterArchive(
        String name,
        String version,
        String platform,
        long size,
        String sha256,
        @JsonIgnore Resource content) {

    private static final Pattern NAME =
            Pattern.compile(
                    "go-cache-adapter-([A-Za-z0-9._+-]+)-((?:linux|darwin|windows)-[a-z0-9_]+|any)\\.tar\\.gz");

    static boolean isNamedLikeOne(Resource resource) {
        String name = resource.getFilename();
        return name != null && NAME.matcher(name).matches();
    }

    static AdapterArchive of(Resource resource) throws IOException {
        String name = String.valueOf(resource.getFilename());
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not an archive of the adapter: " + name);
        }
        MessageDigest digest = Digests.sha256();
        long size;
        try (InputStream in = new DigestInputStream(resource.getInputStream(), digest)) {
            size = in.transferTo(OutputStream.nullOutputStream());
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        return new AdapterArchive(name, parts.group(1), parts.group(2), size, hash, resource);
    }
}
