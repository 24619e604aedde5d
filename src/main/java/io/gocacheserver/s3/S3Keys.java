package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Keys in the bucket, the first two the same as go-cache-plugin's:
 *
 * <pre>
 * [prefix/]action/xx/[action-id]        an action in the namespace global
 * [prefix/]output/xx/[output-id]
 * [prefix/]namespace/[name]/action/xx/[action-id]   an action in another namespace
 * [prefix/]output/xx/[output-id].zst    the same object, compressed
 * [prefix/]profile/xx/[hash]            a build profile of global; hash: the SHA-256 of its key; one is {@link #check}
 * [prefix/]namespace/[name]/profile/xx/[hash]       a build profile of another namespace
 * [prefix/]module/xx/[hash]             a file of a Go module, as it is; hash: the SHA-256 of its name behind /mod/, as
 *                                       go-cache-plugin's module proxy has it
 * [prefix/]namespace/[name]/module/xx/[hash]        one that belongs to another namespace
 * </pre>
 *
 * <p>A compressed object has a key of its own, so that go-cache-plugin in the same bucket finds no object, which it says,
 * rather than other bytes than it expects. Of profiles and namespaces it knows nothing.
 *
 * <p>xx: the first two characters of the ID. The prefix is cleaned as Go's {@code path.Join} does it, since that is what
 * go-cache-plugin applies: {@code team//a/} becomes {@code team/a}, and a leading slash stays.
 */
final class S3Keys {

    private static final String ACTION = "action/";
    private static final String MODULE = "module/";
    private static final String NAMESPACE = "namespace/";

    /** SHA-256 of "check", which is no profile's key. */
    private static final String CHECK =
            "20f65c28671b40937c5bf23acc7c6f37e5a5ec0622e347b57685725df5ba9e50";

    private final String prefix;

    /**
     * @param prefix put before each key; empty for none
     */
    S3Keys(String prefix) {
        this.prefix = clean(prefix);
    }

    /** Of an action, or of a file of a module if the namespace is one of modules. */
    String action(ActionKey key) {
        return actions(key.namespace()) + fanOut(key.action().hex());
    }

    String actions(Namespace namespace) {
        Namespace owner = namespace.owner();
        return prefix
                + (owner.isGlobal() ? "" : NAMESPACE + owner + "/")
                + (namespace.isModules() ? MODULE : ACTION);
    }

    /** The prefix of the keys of actions in namespaces other than global. */
    String namespaces() {
        return prefix + NAMESPACE;
    }

    Optional<ActionKey> parse(String key) {
        if (!key.startsWith(prefix)) {
            return Optional.empty();
        }
        String rest = key.substring(prefix.length());
        Namespace namespace = Namespace.GLOBAL;
        try {
            if (rest.startsWith(NAMESPACE)) {
                int end = rest.indexOf('/', NAMESPACE.length());
                if (end < 0) {
                    return Optional.empty();
                }
                namespace = new Namespace(rest.substring(NAMESPACE.length(), end));
                rest = rest.substring(end + 1);
            }
            ActionKey parsed =
                    new ActionKey(
                            namespace, new ActionId(rest.substring(rest.lastIndexOf('/') + 1)));
            return action(parsed).equals(key) ? Optional.of(parsed) : Optional.empty();
        } catch (InvalidIdException | InvalidNamespaceException e) {
            return Optional.empty();
        }
    }

    String output(OutputId output, Coding coding) {
        String suffix = coding == Coding.ZSTD ? ".zst" : "";
        return prefix + "output/" + fanOut(output.hex()) + suffix;
    }

    /** A build profile by its hash, before which a namespace and a slash may stand. */
    String profile(String name) {
        int slash = name.indexOf('/');
        return prefix
                + (slash < 0 ? "" : NAMESPACE + name.substring(0, slash + 1))
                + "profile/"
                + fanOut(name.substring(slash + 1));
    }

    /** A small object by which the service tries whether it can write and read: where a profile could be, and is none. */
    String check() {
        return profile(CHECK);
    }

    /** The prefix of all keys; empty, or with a slash at its end. */
    String prefix() {
        return prefix;
    }

    private static String fanOut(String id) {
        return id.substring(0, 2) + "/" + id;
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
