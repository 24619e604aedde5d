package io.gocacheserver.module;

import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.ScriptedServer.Script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A module proxy that has what it was given, and answers some names by a script. */
final class FakeUpstream implements AutoCloseable {

    static final String MODULE = "example.com/m";
    static final String VERSION = "v1.2.3";

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final ScriptedServer server;

    FakeUpstream() throws IOException {
        server = new ScriptedServer(this::answer);
    }

    String url() {
        return server.url();
    }

    FakeUpstream has(String name, String text) {
        return has(name, text.getBytes(StandardCharsets.UTF_8));
    }

    FakeUpstream has(String name, byte[] bytes) {
        files.put(name, bytes);
        return this;
    }

    FakeUpstream hasNot(String name) {
        files.remove(name);
        return this;
    }

    /** An empty name is for all. */
    FakeUpstream answers(String name, Script script) {
        scripts.put(name, script);
        return this;
    }

    FakeUpstream answersAsItShould() {
        scripts.clear();
        return this;
    }

    /** Names asked for, in their order. */
    List<String> asked() {
        return server.requests().stream().map(each -> name(each.path())).toList();
    }

    long asked(String name) {
        return asked().stream().filter(name::equals).count();
    }

    List<ScriptedServer.Request> requests() {
        return server.requests();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** The zip of a module with these files, by their whole names. */
    static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** One file of a module. */
    static byte[] zip(String name, String text) throws IOException {
        return zip(Map.of(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        String name = name(exchange.request().path());
        Script script = scripts.getOrDefault(name, scripts.get(""));
        byte[] file = files.get(name);
        if (script != null) {
            script.answer(exchange);
        } else if (file != null) {
            exchange.answer(200, file);
        } else {
            exchange.answer(404, ("not found: " + name).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String name(String path) {
        return URLDecoder.decode(path.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
