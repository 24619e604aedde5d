package io.gocacheserver.adapter.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.BulkFrame;
import io.gocacheserver.wire.UsedActions;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service in memory, with Gets, bulk reads and build profiles, that can be told to misbehave. */
public final class FakeService implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<ActionId, byte[]> objects = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<UsedActions.Use> noted = new CopyOnWriteArrayList<>();
    private volatile List<ActionId> profile = List.of();
    private volatile Interruption interruption = (request, frame) -> true;
    private volatile boolean old;
    private volatile boolean boundless;

    /** What happens before a frame of a bulk read. */
    @FunctionalInterface
    public interface Interruption {

        /** Waits for something, and says whether to go on; else the connection is closed. */
        boolean goOn(int request, int frame) throws InterruptedException;
    }

    public FakeService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** Its URL. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** It has these from now on. */
    public void add(ActionId action, byte[] object) {
        objects.put(action, object);
    }

    /** Its only profile names these. */
    public void profile(List<ActionId> actions) {
        profile = List.copyOf(actions);
    }

    /** It knows neither bulk reads nor profiles. */
    public void old() {
        old = true;
    }

    /** It sends more than bulk reads ask for. */
    public void boundless() {
        boundless = true;
    }

    public void interruptBulk(Interruption by) {
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
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + path);
            if (path.startsWith("/action/")) {
                get(exchange, new ActionId(path.substring("/action/".length())));
            } else if (old) {
                exchange.sendResponseHeaders(404, -1);
            } else if (path.equals("/bulk")) {
                String query = exchange.getRequestURI().getQuery();
                long maxBytes = Long.parseLong(query.substring("max-bytes=".length()));
                bulk(exchange, ActionList.decode(body), boundless ? Long.MAX_VALUE : maxBytes);
            } else if (exchange.getRequestMethod().equals("POST")) {
                note(exchange, UsedActions.decode(body));
            } else {
                readProfile(exchange);
            }
        }
    }

    private void get(HttpExchange exchange, ActionId action) throws IOException {
        byte[] object = objects.get(action);
        if (object == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        exchange.getResponseHeaders().set("Go-Output-Id", Objects.output(object).hex());
        exchange.sendResponseHeaders(200, object.length);
        exchange.getResponseBody().write(object);
    }

    private void bulk(HttpExchange exchange, ActionList actions, long maxBytes) throws IOException {
        long left = maxBytes;
        int number = (int) requests("POST /bulk");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        byte[] head = new byte[BulkFrame.HEAD_LENGTH + BulkFrame.HIT_LENGTH];
        for (int i = 0; i < actions.size(); i++) {
            if (!goOn(number, i)) {
                throw new IOException("cut off");
            }
            byte[] object = objects.get(actions.get(i));
            boolean fits = object != null && object.length <= left;
            int other = object == null ? BulkFrame.ABSENT : BulkFrame.NOT_SENT;
            BulkFrame.putHead(head, 0, fits ? BulkFrame.HIT : other, i);
            if (object == null || !fits) {
                left = object == null ? left : 0;
                out.write(head, 0, BulkFrame.HEAD_LENGTH);
            } else {
                left -= object.length;
                OutputId output = Objects.output(object);
                BulkFrame.putHit(
                        head,
                        BulkFrame.HEAD_LENGTH,
                        new BulkFrame.Hit(
                                BulkFrame.IDENTITY, output, object.length, 1, object.length));
                out.write(head);
                out.write(object);
            }
            out.flush();
        }
        BulkFrame.putHead(head, 0, BulkFrame.END, actions.size());
        out.write(head, 0, BulkFrame.HEAD_LENGTH);
    }

    private boolean goOn(int request, int frame) throws IOException {
        try {
            return interruption.goOn(request, frame);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void note(HttpExchange exchange, UsedActions used) throws IOException {
        List<ActionId> missing = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            noted.add(new UsedActions.Use(used.action(i), used.outcome(i)));
            if (!objects.containsKey(used.action(i)) && used.outcome(i) != UsedActions.HIT) {
                missing.add(used.action(i));
            }
        }
        send(exchange, ActionList.encode(missing));
    }

    private void readProfile(HttpExchange exchange) throws IOException {
        if (profile.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        List<BuildProfile.Use> uses = new ArrayList<>();
        for (ActionId action : profile) {
            uses.add(new BuildProfile.Use(action, 0));
        }
        exchange.getResponseHeaders().set("Go-Profile-Key", "0");
        send(
                exchange,
                BuildProfile.of(
                                profile.getFirst().bytes().length,
                                List.of(new BuildProfile.Build(1, 1)),
                                uses)
                        .encoded());
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
