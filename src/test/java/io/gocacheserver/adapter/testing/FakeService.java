package io.gocacheserver.adapter.testing;

import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.PrefetchFrame;
import io.gocacheserver.wire.UsedActions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service in memory, with Gets, and starts and ends of builds, that can be told to misbehave. */
public final class FakeService implements AutoCloseable {

    private final ScriptedServer server;
    private final Map<ActionId, byte[]> objects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<UsedActions.Use> noted = new CopyOnWriteArrayList<>();
    private final List<JsonNode> starts = new CopyOnWriteArrayList<>();
    private volatile List<ActionId> profile = List.of();
    private volatile Interruption interruption = frame -> true;
    private volatile boolean old;
    private volatile boolean boundless;

    /** What happens before a frame of an answer. */
    @FunctionalInterface
    public interface Interruption {

        /** Waits for something, and says whether to go on; else the connection is closed. */
        boolean goOn(int frame) throws InterruptedException;
    }

    public FakeService() throws IOException {
        server = new ScriptedServer(this::answer);
    }

    /** Its URL. */
    public String url() {
        return server.url();
    }

    /** It has these from now on. */
    public void add(ActionId action, byte[] object) {
        objects.put(action, object);
    }

    /** Its only profile names these. */
    public void profile(List<ActionId> actions) {
        profile = List.copyOf(actions);
    }

    /** What builds said at their start. */
    public List<JsonNode> starts() {
        return starts;
    }

    /** It does not know starts of builds. */
    public void old() {
        old = true;
    }

    /** It sends more than is asked for. */
    public void boundless() {
        boundless = true;
    }

    public void interrupt(Interruption by) {
        interruption = by;
    }

    /** Method and path of each request so far. */
    public List<String> requests() {
        return requests;
    }

    /** How many requests so far have begun so. */
    public long requests(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    /** What builds have used. */
    public List<UsedActions.Use> noted() {
        return noted;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        String method = exchange.request().method();
        String path = exchange.request().path();
        byte[] body = exchange.request().body();
        requests.add(method + " " + path);
        if (path.startsWith("/action/")) {
            get(exchange, new ActionId(path.substring("/action/".length())));
        } else if (old) {
            exchange.answer(404, new byte[0]);
        } else if (path.equals("/prefetch")) {
            start(exchange, JsonMapper.shared().readTree(body));
        } else if (path.equals("/prefetch/used")) {
            byte[] used = JsonMapper.shared().readTree(body).get("used").binaryValue();
            note(exchange, UsedActions.decode(used));
        } else {
            exchange.answer(404, new byte[0]);
        }
    }

    private long maxBytes(Exchange exchange) {
        String target = exchange.request().target();
        return boundless
                ? Long.MAX_VALUE
                : Long.parseLong(target.substring(target.indexOf("max-bytes=") + 10));
    }

    private void start(Exchange exchange, JsonNode start) throws IOException, InterruptedException {
        starts.add(start);
        if (profile.isEmpty()) {
            exchange.answer(404, new byte[0], "Content-Type: application/problem+json");
            return;
        }
        JsonNode have = start.get("have");
        ActionFilter filter = have == null ? null : ActionFilter.of(have.binaryValue());
        List<ActionId> wanted =
                profile.stream()
                        .filter(action -> filter == null || !filter.mayContain(action))
                        .toList();
        send(exchange, ActionList.decode(ActionList.encode(wanted)), maxBytes(exchange));
    }

    private void get(Exchange exchange, ActionId action) throws IOException {
        byte[] object = objects.get(action);
        if (object == null) {
            exchange.answer(404, new byte[0]);
        } else {
            exchange.answer(200, object, "Go-Output-Id: " + TestValues.output(object));
        }
    }

    private void send(Exchange exchange, ActionList actions, long maxBytes)
            throws IOException, InterruptedException {
        long left = maxBytes;
        exchange.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nGo-Profile-Key: its profile\r\n\r\n");
        byte[] list = actions.encoded();
        exchange.send(
                chunk(ByteBuffer.allocate(4 + list.length).putInt(list.length).put(list).array()));
        for (int i = 0; i < actions.size(); i++) {
            if (!interruption.goOn(i)) {
                exchange.hangUp();
            }
            byte[] object = objects.get(actions.get(i));
            boolean fits = object != null && object.length <= left;
            if (object != null) {
                left = fits ? left - object.length : 0;
            }
            int other = object == null ? PrefetchFrame.ABSENT : PrefetchFrame.NOT_SENT;
            exchange.send(chunk(object != null && fits ? hit(i, object) : head(other, i)));
        }
        exchange.send(chunk(head(PrefetchFrame.END, actions.size())));
        exchange.send("0\r\n\r\n");
    }

    private static byte[] head(int kind, int index) {
        byte[] head = new byte[PrefetchFrame.HEAD_LENGTH];
        PrefetchFrame.putHead(head, 0, kind, index);
        return head;
    }

    private static byte[] hit(int index, byte[] object) {
        byte[] head = new byte[PrefetchFrame.HEAD_LENGTH + PrefetchFrame.HIT_LENGTH];
        PrefetchFrame.putHead(head, 0, PrefetchFrame.HIT, index);
        OutputId output = TestValues.output(object);
        PrefetchFrame.putHit(
                head,
                PrefetchFrame.HEAD_LENGTH,
                new PrefetchFrame.Hit(
                        PrefetchFrame.IDENTITY, output, object.length, 1, object.length));
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(head);
        frame.writeBytes(object);
        return frame.toByteArray();
    }

    private static byte[] chunk(byte[] content) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(TestValues.bytes(Integer.toHexString(content.length) + "\r\n"));
        chunk.writeBytes(content);
        chunk.writeBytes(TestValues.bytes("\r\n"));
        return chunk.toByteArray();
    }

    private void note(Exchange exchange, UsedActions used) throws IOException {
        List<ActionId> missing = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            noted.add(new UsedActions.Use(used.action(i), used.outcome(i)));
            if (!objects.containsKey(used.action(i)) && used.outcome(i) != UsedActions.HIT) {
                missing.add(used.action(i));
            }
        }
        exchange.answer(200, ActionList.encode(missing));
    }
}
