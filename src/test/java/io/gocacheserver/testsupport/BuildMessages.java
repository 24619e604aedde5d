package io.gocacheserver.testsupport;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/** What clients say at the start and at the end of a build, and are answered. */
public final class BuildMessages {

    private BuildMessages() {}

    /** The start of a build of a module. */
    public static byte[] start(String module) {
        return json(module, "");
    }

    /**
     * The end of a build of a module.
     *
     * @param used as {@link io.gocacheserver.wire.UsedActions} encodes it
     */
    public static byte[] end(String module, byte[] used) {
        return json(module, ",\"used\":\"" + Base64.getEncoder().encodeToString(used) + '"');
    }

    /** The list of actions in the answer to a start. */
    public static List<ActionId> listed(byte[] answer) {
        ByteBuffer body = ByteBuffer.wrap(answer);
        byte[] list = new byte[body.getInt()];
        body.get(list);
        ActionList actions = ActionList.decode(list);
        return IntStream.range(0, actions.size()).mapToObj(actions::get).toList();
    }

    private static byte[] json(String module, String more) {
        return "{\"build\":{\"module\":\"%s\",\"command\":[\"go\",\"build\"]}%s}"
                .formatted(module, more)
                .getBytes(StandardCharsets.UTF_8);
    }
}
