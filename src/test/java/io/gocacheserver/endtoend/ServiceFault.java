package io.gocacheserver.endtoend;

import io.gocacheserver.endtoend.Upstream.Answer;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.PrefetchFrame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;

/** Ways in which a service, or what stands between it and the adapter, goes wrong. */
public enum ServiceFault {
    NEVER_ANSWERS(
            "no byte|took too long|time budget|in vain", (exchange, service) -> exchange.hang()),
    ONE_BYTE_A_SECOND(
            "no byte|took too long|time budget|in vain",
            (exchange, service) -> trickle(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n")),
    OBJECT_AT_ONE_BYTE_A_SECOND(
            "no byte|took too long|time budget|in vain",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(answer.body().length));
                        trickle(exchange, "x".repeat(answer.body().length));
                    })),
    OBJECT_OF_A_TERABYTE_DRIPS(
            "announced an object of 1.0 TB",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(1_000_000_000_000L));
                        trickle(exchange, "x".repeat(1_000));
                    })),
    OBJECT_COMES_FAST_AND_NEVER_ENDS(
            "took too long|time budget",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(4_000_000_000L));
                        endlessly(exchange, new byte[64 * 1024]);
                    })),
    PROBLEM_AT_ONE_BYTE_A_SECOND(
            "",
            (exchange, service) -> {
                exchange.send(
                        "HTTP/1.1 404 Not Found\r\nContent-Type: %s\r\nContent-Length: 60000\r\n\r\n"
                                .formatted("application/problem+json"));
                trickle(exchange, " ".repeat(60_000));
            }),
    OBJECTS_AT_ONE_BYTE_A_SECOND(
            "",
            onPath(
                    "POST /prefetch ",
                    exchange -> {
                        exchange.send("HTTP/1.1 200 OK\r\n\r\n");
                        exchange.send(list(1, 32));
                        trickle(exchange, "\1\0\0\0\0".repeat(1_000));
                    })),
    OBJECTS_NEVER_END(
            "",
            onPath(
                    "POST /prefetch ",
                    exchange -> {
                        exchange.send("HTTP/1.1 200 OK\r\n\r\n");
                        exchange.send(list(1, 32));
                        exchange.send(frame(3_000_000_000L));
                        endlessly(exchange, new byte[64 * 1024]);
                    })),
    LIST_OF_MILLIONS(
            "",
            onPath(
                    "POST /prefetch ",
                    exchange -> {
                        exchange.send("HTTP/1.1 200 OK\r\n\r\n");
                        exchange.send(list(5_500_000, 2));
                    })),
    CLOSES_AT_ONCE("closed the connection|reset", (exchange, service) -> exchange.hangUp()),
    CLOSES_IN_HEAD(
            "closed the connection|reset",
            (exchange, service) -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Le");
                exchange.hangUp();
            }),
    CLOSES_IN_BODY(
            "closed the connection|reset",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(answer.body().length));
                        exchange.send(Arrays.copyOf(answer.body(), answer.body().length / 2));
                        exchange.hangUp();
                    })),
    SENDS_WRONG_BYTES(
            "other content",
            onHit(
                    (exchange, answer) -> {
                        byte[] body = answer.body();
                        body[body.length / 2] ^= 1;
                        exchange.send(answer.head(body.length));
                        exchange.send(body);
                    })),
    SENDS_TOO_MUCH(
            "",
            onHit(
                    (exchange, answer) -> {
                        answer.sendTo(exchange);
                        exchange.send("and more");
                    })),
    ANNOUNCES_TOO_MUCH(
            "closed the connection",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(answer.body().length + 10L));
                        exchange.send(answer.body());
                        exchange.hangUp();
                    })),
    ANNOUNCES_TOO_LITTLE(
            // The byte too many may also be taken for the beginning of the next answer.
            "other content|bytes|closed the connection",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(answer.body().length - 1L));
                        exchange.send(answer.body());
                        exchange.hangUp();
                    })),
    ANNOUNCES_NO_LENGTH(
            "",
            onHit(
                    (exchange, answer) -> {
                        exchange.send(answer.head(-1));
                        exchange.send(answer.body());
                        exchange.hangUp();
                    })),
    SPEAKS_NO_HTTP("HTTP", (exchange, service) -> exchange.send("220 mail.test ESMTP\r\n")),
    REDIRECT_LOOP(
            "answered 302",
            (exchange, service) ->
                    exchange.send(
                            "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                                    .formatted(exchange.head().split(" ")[1]))),
    CAPTIVE_PORTAL(
            "web page",
            (exchange, service) -> {
                String page = "<html><body>Please accept the terms of use</body></html>";
                exchange.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(page.length(), page));
            }),
    UNAUTHORIZED("401.*token", status("401 Unauthorized")),
    FORBIDDEN("403.*token", status("403 Forbidden")),
    NOT_FOUND("404.*go-cache-server", status("404 Not Found")),
    TOO_MANY_REQUESTS("answered 429", status("429 Too Many Requests\r\nRetry-After: 30")),
    INTERNAL_ERROR("answered 500", status("500 Internal Server Error")),
    BAD_GATEWAY("answered 502", status("502 Bad Gateway")),
    UNAVAILABLE("answered 503", status("503 Service Unavailable\r\nRetry-After: 30")),
    UNAVAILABLE_FOR_A_DAY("answered 503", status("503 Service Unavailable\r\nRetry-After: 86400"));

    /** How a request is answered, whatever the service has. */
    private interface Answering {
        void answer(Exchange exchange) throws IOException;
    }

    /** How a request is answered. */
    private interface Behaviour {
        void answer(Exchange exchange, Upstream service) throws IOException;
    }

    /** What becomes of an object that the service has. */
    private interface Spoiler {
        void send(Exchange exchange, Answer answer) throws IOException;
    }

    private final String cause;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Behaviour behaviour;

    ServiceFault(String cause, Behaviour behaviour) {
        this.cause = cause;
        this.behaviour = behaviour;
    }

    /** A regular expression for what the user must be told; empty if nothing need be wrong for him. */
    public String cause() {
        return cause;
    }

    /**
     * Answers a request.
     *
     * @param service has what the build needs
     */
    public void answer(Exchange exchange, Upstream service) throws IOException {
        behaviour.answer(exchange, service);
    }

    /** Hits are spoilt; misses are answered as they are, and uploads are accepted and thrown away. */
    private static Behaviour onHit(Spoiler spoiler) {
        return (exchange, service) -> {
            if (exchange.head().startsWith("PUT ")) {
                exchange.send("HTTP/1.1 204 No Content\r\n\r\n");
                return;
            }
            Answer answer = service.ask(exchange);
            if (answer.isHit() && answer.body().length > 0) {
                spoiler.send(exchange, answer);
            } else {
                answer.sendTo(exchange);
            }
        };
    }

    /** Requests that begin so are answered another way. */
    private static Behaviour onPath(String start, Answering other) {
        return (exchange, service) -> {
            if (exchange.head().startsWith(start)) {
                other.answer(exchange);
            } else {
                service.ask(exchange).sendTo(exchange);
            }
        };
    }

    /** The frame of an object, up to the object itself. */
    private static byte[] frame(long size) {
        byte[] frame = new byte[PrefetchFrame.HEAD_LENGTH + PrefetchFrame.HIT_LENGTH];
        OutputId output = new OutputId("ab".repeat(32));
        PrefetchFrame.putHead(frame, 0, PrefetchFrame.HIT, 0);
        PrefetchFrame.putHit(
                frame,
                PrefetchFrame.HEAD_LENGTH,
                new PrefetchFrame.Hit(PrefetchFrame.IDENTITY, output, size, 1, size));
        return frame;
    }

    /** The list of actions in the answer to a start, with IDs of so many bytes. */
    private static byte[] list(int actions, int idLength) {
        ActionId action = new ActionId("ab".repeat(idLength));
        byte[] list = ActionList.encode(Collections.nCopies(actions, action));
        return ByteBuffer.allocate(4 + list.length).putInt(list.length).put(list).array();
    }

    private static Behaviour status(String lines) {
        return (exchange, service) ->
                exchange.send("HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n".formatted(lines));
    }

    /** Some 10 MB a second. */
    private static void endlessly(Exchange exchange, byte[] piece) throws IOException {
        while (true) {
            exchange.send(piece);
            exchange.pause(5);
        }
    }

    public static void trickle(Exchange exchange, String text) throws IOException {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            exchange.send(new byte[] {b});
            exchange.pause(1_000);
        }
    }
}
