package io.gocacheserver.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.Sha256;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code /adapter/} of the whole service, over a directory of archives. */
class AdapterControllerTest {

    private static final String LINUX = "go-cache-adapter-1.2.3-linux-x86_64.tar.gz";
    private static final String ANY = "go-cache-adapter-1.2.3-any.tar.gz";
    private static final byte[] CONTENT = "an archive".getBytes(StandardCharsets.UTF_8);

    @TempDir private static Path directory;
    @AutoClose private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        Path archives = Files.createDirectory(directory.resolve("archives"));
        Files.write(archives.resolve(LINUX), CONTENT);
        Files.writeString(archives.resolve(ANY), "another");
        Files.writeString(archives.resolve("secret.tar.gz"), "no archive of the adapter");
        Files.writeString(archives.resolve("go-cache-adapter-1'$(id)-any.tar.gz"), "evil");
        Files.writeString(directory.resolve(LINUX.replace("1.2.3", "9")), "outside");
        service =
                RunningService.start(
                        directory.resolve("disk"), "cache-server.adapter.directory=" + archives);
    }

    @Test
    void listsTheArchivesWithSizesAndChecksums() throws Exception {
        JsonNode archives = service.json("/adapter/").get("archives");

        assertThat(archives).hasSize(2);
        assertThat(archives.get(0).get("name").asString()).isEqualTo(ANY);
        JsonNode linux = archives.get(1);
        assertThat(linux.get("name").asString()).isEqualTo(LINUX);
        assertThat(linux.get("version").asString()).isEqualTo("1.2.3");
        assertThat(linux.get("platform").asString()).isEqualTo("linux-x86_64");
        assertThat(linux.get("size").asLong()).isEqualTo(CONTENT.length);
        assertThat(linux.get("sha256").asString()).isEqualTo(hash());
    }

    @Test
    void sendsAnArchiveAndItsChecksum() throws Exception {
        var archive = service.get("/adapter/" + LINUX);
        assertThat(archive.statusCode()).isEqualTo(200);
        assertThat(archive.body()).isEqualTo(CONTENT);
        assertThat(archive.headers().firstValue("ETag")).hasValue('"' + hash() + '"');
        assertThat(archive.headers().firstValue("Content-Type")).hasValue("application/gzip");

        var checksum = service.get("/adapter/" + LINUX + ".sha256");
        assertThat(new String(checksum.body(), StandardCharsets.UTF_8))
                .isEqualTo(hash() + "  " + LINUX + "\n");
    }

    @Test
    void answersHeadRangesAndConditions() throws Exception {
        try (RawHttp connection = connect()) {
            connection.sendHead("HEAD /adapter/" + LINUX, "Connection: close");
            String head = new String(connection.receiveToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(head)
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("Content-Length: " + CONTENT.length)
                    .endsWith("\r\n\r\n");
        }
        try (RawHttp connection = connect()) {
            RawHttp.Response part =
                    connection.sendHead("GET /adapter/" + LINUX, "Range: bytes=3-").receive();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).asString(StandardCharsets.UTF_8).isEqualTo("archive");

            RawHttp.Response same =
                    connection
                            .sendHead("GET /adapter/" + LINUX, "If-None-Match: \"" + hash() + '"')
                            .receive();
            assertThat(same.status()).isEqualTo(304);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/adapter/secret.tar.gz",
                "/adapter/go-cache-adapter-9-linux-x86_64.tar.gz",
                "/adapter/go-cache-adapter-9-linux-x86_64.tar.gz.sha256",
                "/adapter/../go-cache-adapter-9-linux-x86_64.tar.gz",
                "/adapter/..%2fgo-cache-adapter-9-linux-x86_64.tar.gz",
                "/adapter/%2e%2e/go-cache-adapter-9-linux-x86_64.tar.gz",
                "/adapter/go-cache-adapter-1'$(id)-any.tar.gz",
                "/adapter/nothing"
            })
    void nothingElseIsSent(String path) throws Exception {
        try (RawHttp connection = connect()) {
            RawHttp.Response response =
                    connection.sendHead("GET " + path, "Connection: close").receive();
            assertThat(response.status()).isIn(400, 404);
            assertThat(response.headers())
                    .containsEntry("content-type", "application/problem+json");
        }
    }

    @Test
    void theScriptKnowsWhereItCameFromAndWhatToInstall() throws Exception {
        String script = script("cache.example:8080");

        assertThat(script)
                .startsWith("#!/bin/sh\n")
                .contains("\nserver='http://cache.example:8080'\n")
                .contains("\nlinux-x86_64 " + hash() + ' ' + LINUX + "\n")
                .doesNotContain("$(id)")
                .doesNotContain("@SERVER@")
                .doesNotContain("@ARCHIVES@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c';id;'", "c$(id)", "c`id`", "c/\n';id", "c\\x"})
    void aHostThatMeansSomethingToAShellDoesNotGetIntoTheScript(String host) throws Exception {
        assertThat(AdapterController.script("http://" + host, List.of())).contains("\nserver=''\n");
        assertThat(script(host.replace("\n", ""))).doesNotContain(";id").doesNotContain("$(id)");
    }

    /** Whatever the service answers. */
    private static String script(String host) throws IOException {
        try (RawHttp connection = connect()) {
            connection.send(
                    ("GET /adapter/install.sh HTTP/1.1\r\nConnection: close\r\nHost: "
                                    + host
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(connection.receiveToEnd(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static RawHttp connect() throws IOException {
        return new RawHttp(service.port());
    }

    private static String hash() throws Exception {
        return Sha256.hex(CONTENT);
    }
}
