import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Finds out which classes the adapter needs: runs it through a session like that of a real build, against a service in
 * this process.
 */
final class TrainAdapter {

    private static final int OBJECTS = 400;
    private static final int IN_FLIGHT = 2;

    private final Random random = new Random(1);
    private final Map<String, byte[]> service = new ConcurrentHashMap<>();
    private int requests;

    /**
     * A list of classes for {@code java -Xshare:dump}: the same for the same adapter and Java, whatever the order in which
     * its threads came to need them.
     *
     * @param home the adapter's directory
     * @param javaHome the Java that runs it
     */
    static List<String> classes(Path home, Path javaHome) throws Exception {
        Path scratch = Files.createTempDirectory("train-adapter");
        try {
            Path list = scratch.resolve("classes");
            String log = new TrainAdapter().run(home, javaHome, scratch, list);
            if (!Files.exists(list)) {
                throw new IOException("the adapter wrote no list of its classes: " + log);
            }
            TreeSet<String> classes = new TreeSet<>();
            for (String line : Files.readAllLines(list)) {
                // Neither remarks, nor what was linked or spun: that depends on how threads met.
                if (!line.startsWith("#") && !line.startsWith("@")) {
                    int id = line.indexOf(" id: ");
                    classes.add(id < 0 ? line : line.substring(0, id));
                }
            }
            return List.copyOf(classes);
        } finally {
            try (var files = Files.walk(scratch)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private String run(Path home, Path javaHome, Path scratch, Path list) throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        var threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.start();
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(
                            home.resolve("bin/go-cache-adapter").toString(),
                            "--server=http://127.0.0.1:" + server.getAddress().getPort(),
                            "--cache-dir=" + scratch.resolve("cache"));
            Path log = scratch.resolve("log");
            builder.redirectError(log.toFile());
            builder.environment().put("GO_CACHE_ADAPTER_JAVA_HOME", javaHome.toString());
            builder.environment()
                    .put("GO_CACHE_ADAPTER_JAVA_OPTS", "-XX:DumpLoadedClassList=" + list);
            Process adapter = builder.start();
            play(adapter);
            adapter.waitFor();
            return Files.readString(log);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private void play(Process adapter) throws Exception {
        try (OutputStream in = adapter.getOutputStream();
                BufferedReader out =
                        new BufferedReader(
                                new InputStreamReader(
                                        adapter.getInputStream(), StandardCharsets.UTF_8))) {
            out.readLine();
            int waiting = 0;
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < OBJECTS; i++) {
                    // First misses, puts and hits of the service by turns, then local hits.
                    send(in, round == 0 && i % 3 == 0, "action " + i, i % 3 == 1);
                    if (++waiting == IN_FLIGHT) {
                        out.readLine();
                        waiting--;
                    }
                }
            }
            in.write(bytes("{\"ID\":" + ++requests + ",\"Command\":\"close\"}\n\n"));
            in.flush();
            while (out.readLine() != null) {
                // The last answers.
            }
        }
    }

    private void send(OutputStream in, boolean put, String name, boolean atService)
            throws Exception {
        byte[] action = sha256(bytes(name));
        byte[] object = new byte[100 + random.nextInt(40_000)];
        random.nextBytes(object);
        if (atService) {
            service.putIfAbsent("/action/" + HexFormat.of().formatHex(action), object);
        }
        String request =
                "{\"ID\":%d,\"Command\":\"%s\",\"ActionID\":\"%s\""
                        .formatted(++requests, put ? "put" : "get", base64(action));
        if (put) {
            request +=
                    ",\"OutputID\":\"%s\",\"BodySize\":%d}\n\n\"%s\"\n"
                            .formatted(base64(sha256(object)), object.length, base64(object));
        } else {
            request += "}\n\n";
        }
        in.write(bytes(request));
        in.flush();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] object = service.get(exchange.getRequestURI().getPath());
            if (exchange.getRequestMethod().equals("PUT")) {
                exchange.sendResponseHeaders(204, -1);
            } else if (object == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.getResponseHeaders()
                        .set("Go-Output-Id", HexFormat.of().formatHex(sha256(object)));
                exchange.getResponseHeaders().set("Go-Entry-Time", "2026-01-02T03:04:05.6Z");
                byte[] body = object;
                // Some objects come plain, as from a service that gains nothing by coding them.
                String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
                if ("zstd".equals(accepted) && object.length % 4 != 0) {
                    body = frame(object);
                    exchange.getResponseHeaders().set("Content-Encoding", "zstd");
                    exchange.getResponseHeaders()
                            .set("X-Uncompressed-Length", Integer.toString(object.length));
                }
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** A zstd frame (RFC 8878) of one raw block: made without the library, and for the decoder a frame like any other. */
    private static byte[] frame(byte[] object) {
        int lastRawBlock = object.length << 3 | 1;
        return ByteBuffer.allocate(12 + object.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xFD2FB528)
                .put((byte) 0xA0) // One segment, its size in four bytes.
                .putInt(object.length)
                .putShort((short) lastRawBlock)
                .put((byte) (lastRawBlock >> 16))
                .put(object)
                .array();
    }

    private static byte[] sha256(byte[] bytes) throws IOException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
