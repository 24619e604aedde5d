package io.gocacheserver.s3;

import io.gocacheserver.cache.Coding;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keys in the bucket, the first two the same as go-cache-plugin's:
 *
 * <pre>
 * [prefix/]action/xx/[action-id]
 * [prefix/]output/xx/[output-id]
 * [prefix/]output/xx/[output-id].zst    the same object, compressed
 * [prefix/]profile/xx/[name]            a build profile; name: the SHA-256 of its key
 * </pre>
 *
 * <p>A compressed object has a key of its own, so that go-cache-plugin in the same bucket finds no object, which it says,
 * rather than other bytes than it expects. Of profiles it knows nothing.
 *
 * <p>xx: the first two characters of the ID. The prefix is cleaned as Go's {@code path.Join} does it, since that is what
 * go-cache-plugin applies: {@code team//a/} becomes {@code team/a}, and a leading slash stays.
 */
final class S3Keys {

    private static final int FAN_OUT_CHARACTERS = 2;

    private final String prefix;

    /**
     * @param prefix put before each key; empty for none
     */
    S3Keys(String prefix) {
        this.prefix = clean(prefix);
    }

    String action(ActionId action) {
        return key("action", action.hex());
    }

    String output(OutputId output, Coding coding) {
        return key("output", output.hex()) + suffix(coding);
    }

    /** A build profile by the hash of its key. */
    String profile(String name) {
        return key("profile", name);
    }

    private String key(String group, String id) {
        return prefix + group + "/" + id.substring(0, FAN_OUT_CHARACTERS) + "/" + id;
    }

    private static String suffix(Coding coding) {
        return switch (coding) {
            case IDENTITY -> "";
            case ZSTD -> ".zst";
        };
    }

    private static String clean(String prefix) {
        boolean rooted = prefix.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : prefix.split("/", -1)) {
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(up && rooted)) {
                parts.addLast(part);
            }
        }
        String joined = String.join("/", parts);
        return (rooted ? "/" : "") + joined + (joined.isEmpty() ? "" : "/");
    }
}
