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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Finds out which classes the adapter needs: runs it through a session like that of a real build, against a service in
 * this process.
 */
final class TrainAdapter {

    private static final int OBJECTS = 400;
    private static final int IN_FLIGHT = 2;

    private static final String OWN = "io/gocacheserver/adapter/";
    private static final int ID_LENGTH = 32;
    private static final int FRAME_HIT = 1;
    private static final int FRAME_ABSENT = 2;
    private static final int FRAME_ZSTD = 1;

    private final Random random = new Random(1);

    /** What the profile names: half of what the service has, so that the rest is asked for one by one. */
    private final List<byte[]> profile = new ArrayList<>();

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
            addOwn(home.resolve("lib/go-cache-adapter.jar"), classes);
            return List.copyOf(classes);
        } finally {
            try (var files = Files.walk(scratch)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    /** What a session may need, whether or not the threads of this one met so that it did. */
    private static void addOwn(Path jar, Set<String> classes) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                boolean forSessions =
                        name.startsWith(OWN + "remote/")
                                || name.startsWith(OWN + "session/")
                                || name.startsWith(OWN + "profile/");
                if (forSessions
                        && name.endsWith(".class")
                        && !name.endsWith("package-info.class")) {
                    classes.add(name.substring(0, name.length() - ".class".length()));
                }
            }
        }
    }

    private String run(Path home, Path javaHome, Path scratch, Path list) throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        for (int i = 1; i < OBJECTS; i += 6) {
            byte[] action = sha256(bytes("action " + i));
            profile.add(action);
            service.put("/action/" + HexFormat.of().formatHex(action), object());
        }
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
        byte[] object = object();
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

    private byte[] object() {
        byte[] object = new byte[100 + random.nextInt(40_000)];
        random.nextBytes(object);
        return object;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod() + exchange.getRequestURI().getPath()) {
                case "POST/prefetch" -> prefetch(exchange);
                // As if the service lacked none.
                case "POST/prefetch/used" -> exchange.sendResponseHeaders(200, -1);
                case "POST/builds" -> exchange.sendResponseHeaders(204, -1);
                default -> answerSingle(exchange);
            }
        }
    }

    /** See "The start and the end of a build" in docs/http.md. */
    private void prefetch(HttpExchange exchange) throws IOException {
        ByteBuffer list = ByteBuffer.allocate(2 + profile.size() * ID_LENGTH);
        list.putShort((short) ID_LENGTH);
        profile.forEach(list::put);
        exchange.getResponseHeaders().set("Go-Profile-Key", "training");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(ByteBuffer.allocate(4).putInt(list.capacity()).array());
        out.write(list.array());
        frames(out, list.array());
    }

    private void frames(OutputStream out, byte[] list) throws IOException {
        int count = (list.length - 2) / ID_LENGTH;
        for (int i = 0; i < count; i++) {
            String id = HexFormat.of().formatHex(list, 2 + i * ID_LENGTH, 2 + (i + 1) * ID_LENGTH);
            byte[] object = service.get("/action/" + id);
            ByteBuffer head = ByteBuffer.allocate(62);
            head.put((byte) (object == null ? FRAME_ABSENT : FRAME_HIT)).putInt(i);
            if (object != null) {
                boolean coded = object.length % 4 != 0;
                byte[] body = coded ? frame(object) : object;
                head.put((byte) (coded ? FRAME_ZSTD : 0)).putLong(object.length).putLong(1);
                head.putLong(body.length).put(sha256(object));
                out.write(head.array());
                out.write(body);
            } else {
                out.write(head.array(), 0, 5);
            }
        }
        out.write(ByteBuffer.allocate(5).putInt(1, count).array());
    }

    private void answerSingle(HttpExchange exchange) throws IOException {
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
