package io.gocacheserver.module;

import static io.gocacheserver.module.FakeUpstream.MODULE;
import static io.gocacheserver.module.FakeUpstream.VERSION;
import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.Sha256;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The whole service with a bucket, tokens, and upstreams for public and for private modules. */
class ModuleServiceTest {

    private static final String MOD = MODULE + "/@v/" + VERSION + ".mod";
    private static final String ZIP = MODULE + "/@v/" + VERSION + ".zip";
    private static final String PRIVATE = "corp.example/app/@v/v1.0.0.mod";
    private static final String READER = "reader-0123456789abcdef";
    private static final String TEAM = "team-0123456789abcdef";
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir private static Path directory;
    @AutoClose private static FakeUpstream upstream;
    @AutoClose private static FakeUpstream corporate;
    @AutoClose private static EmbeddedS3 s3;
    @AutoClose private static S3Client bucket;
    @AutoClose private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream();
        corporate = new FakeUpstream();
        s3 = EmbeddedS3.start();
        bucket =
                S3Client.builder()
                        .endpointOverride(s3.endpoint())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                EmbeddedS3.ACCESS_KEY, EmbeddedS3.SECRET_KEY)))
                        .build();
        bucket.createBucket(request -> request.bucket("bucket"));
        Files.writeString(directory.resolve("credentials"), "a-token");
        service =
                RunningService.start(
                        directory.resolve("disk"),
                        RunningService.s3Properties(s3.endpoint(), properties()));
    }

    private static String[] properties() {
        List<String> properties =
                new ArrayList<>(
                        List.of(
                                "cache-server.s3.key-prefix=team",
                                "cache-server.modules.upstream=" + upstream.url() + ",direct",
                                "cache-server.modules.upstreams[0].pattern=corp.example/*",
                                "cache-server.modules.upstreams[0].url=" + corporate.url(),
                                "cache-server.modules.upstreams[0].credentials="
                                        + directory.resolve("credentials"),
                                "cache-server.modules.upstreams[0].namespaces=team"));
        String[][] tokens = {
            {"reader", READER, "read", "global"},
            {"team", TEAM, "read-write", "team"},
            {"admin", ADMIN, "admin", "global"}
        };
        for (int i = 0; i < tokens.length; i++) {
            String token = "cache-server.auth.tokens[" + i + "].";
            properties.add(token + "name=" + tokens[i][0]);
            properties.add(token + "secret=" + tokens[i][1]);
            properties.add(token + "access=" + tokens[i][2]);
            properties.add(token + "namespace=" + tokens[i][3]);
        }
        return properties.toArray(String[]::new);
    }

    @Test
    void aDatabaseCountsAsSupportedWhileTheUpstreamsFail() throws Exception {
        String database = "sumdb/other.example/";
        upstream.answers(database + "supported", exchange -> exchange.answer(500, new byte[0]));
        upstream.answers(database + "latest", exchange -> exchange.answer(500, new byte[0]));

        assertThat(get(database + "supported", bearer(READER)).statusCode()).isEqualTo(200);
        assertThat(get(database + "latest", bearer(READER)).statusCode()).isEqualTo(502);
    }

    @Test
    void whatTheGoCommandAsksForIsAnsweredAsAProxyDoes() throws Exception {
        byte[] zip = FakeUpstream.zip(MODULE + "@" + VERSION + "/go.mod", "module " + MODULE);
        upstream.has(ZIP, zip);
        HttpResponse<byte[]> answer = get(ZIP, bearer(READER));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(zip);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/zip");
        assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=604800, immutable");
        HttpResponse<byte[]> again =
                send("GET", ZIP, bearer(READER), "If-None-Match", header(answer, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        HttpResponse<byte[]> head = send("HEAD", ZIP, bearer(READER));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(zip.length));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void anErrorIsPlainText() throws Exception {
        HttpResponse<byte[]> absent = get(MODULE + "/@v/v9.9.9.info", bearer(READER));
        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(header(absent, "Content-Type"))
                .isEqualToIgnoringCase("text/plain;charset=utf-8");
        assertThat(text(absent)).isEqualTo("not found: " + MODULE + "/@v/v9.9.9.info\n");
        assertThat(get("github.com/Azure/x/@v/list", bearer(READER)).statusCode()).isEqualTo(404);
        assertThat(get("example.com/%2e%2e/x/@v/list", bearer(READER)).statusCode())
                .isBetween(400, 404);
        assertThat(get("example.com/%zz/@v/list", bearer(READER)).statusCode()).isBetween(400, 404);
    }

    @Test
    void theOfferSaysThatThereIsOne() throws Exception {
        assertThat(get("", bearer(READER)).statusCode()).isEqualTo(200);
        try (RunningService without = RunningService.start(directory.resolve("without"))) {
            assertThat(without.get("/mod/").statusCode()).isEqualTo(404);
            assertThat(without.text("/mod/" + MOD)).contains("set cache-server.modules.upstream");
            assertThat(without.json("/actuator/modules").get("upstreams").isEmpty()).isTrue();
        }
    }

    @Test
    void fetchingCanBeDisabledByARequest() throws Exception {
        String name = "example.com/unasked/@v/v1.0.0.mod";
        upstream.has(name, "module x");
        assertThat(send("GET", name, bearer(READER), "Disable-Module-Fetch", "true").statusCode())
                .isEqualTo(404);
        assertThat(upstream.asked(name)).isZero();
    }

    @Test
    void aTokenMayComeAsAPassword() throws Exception {
        upstream.has(MOD, "module m");
        assertThat(get(MOD, basic("anyone:" + READER)).statusCode()).isEqualTo(200);
        for (String wrong : List.of("anyone:" + READER + "x", "anyone:", READER)) {
            assertThat(get(MOD, basic(wrong)).statusCode()).isEqualTo(401);
        }
        HttpResponse<byte[]> none = get(MOD, null);
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(header(none, "Content-Type")).startsWithIgnoringCase("text/plain");
        assertThat(status("/action/abcd", basic("anyone:" + READER))).isEqualTo(401);
    }

    @Test
    void aPrivateModuleIsServedToItsNamespaceAloneAndLiesInItsPartOfTheBucket() throws Exception {
        corporate.has(PRIVATE, "module corp.example/app");
        HttpResponse<byte[]> answer = get(PRIVATE, bearer(TEAM));
        assertThat(text(answer)).isEqualTo("module corp.example/app");
        assertThat(header(answer, "Cache-Control")).startsWith("private, ");
        assertThat(corporate.requests().getFirst().headers())
                .containsEntry("authorization", "Bearer a-token");
        assertThat(get(PRIVATE, bearer(READER)).statusCode()).isEqualTo(404);
        assertThat(text(get(PRIVATE, bearer(READER)))).isEqualTo("not found: " + PRIVATE + "\n");
        awaitKey("team/namespace/team/module/" + hash(PRIVATE));
        String output =
                Sha256.hex(new ByteArrayInputStream("module corp.example/app".getBytes(UTF_8)));
        assertThat(status("/output/" + output, bearer(TEAM))).isEqualTo(404);
        assertThat(status("/output/" + output, bearer(READER))).isEqualTo(404);
        assertThat(status("/action/" + hash(PRIVATE).substring(3), bearer(TEAM))).isEqualTo(404);
    }

    @Test
    void theBucketOfGoCachePluginIsServedWithItsUpstreamGone() throws Exception {
        String name = "github.com/!burnt!sushi/toml/@v/v1.3.2.mod";
        String key = "team/module/" + hash(name);
        bucket.putObject(
                request -> request.bucket("bucket").key(key),
                RequestBody.fromString("module github.com/BurntSushi/toml\n"));
        HttpResponse<byte[]> answer = get(name.replace("!", "%21"), bearer(READER));
        assertThat(text(answer)).isEqualTo("module github.com/BurntSushi/toml\n");
        assertThat(upstream.asked(name)).isZero();
    }

    @Test
    void goCachePluginFindsWhatIsWritten() throws Exception {
        String name = "example.com/written/@v/list";
        upstream.has(name, "v1.0.0\nv1.1.0\n");
        get(name, bearer(READER));
        assertThat(awaitKey("team/module/" + hash(name))).isEqualTo("v1.0.0\nv1.1.0\n");
    }

    @Test
    void anOperatorSeesWhoAskedFirst() throws Exception {
        String start = "example.com/who/@v/v1.0.0";
        upstream.has(start + ".mod", "module who");
        get(start + ".mod", bearer(TEAM));
        get(start + ".mod", bearer(READER));
        String key = "team/module/" + hash(start + ".info");
        bucket.putObject(
                request ->
                        request.bucket("bucket")
                                .key(key)
                                .metadata(Map.of("written-subject", "another+replica%27s")),
                RequestBody.fromString("{\"Version\":\"v1.0.0\"}"));
        get(start + ".info", bearer(READER));

        String lookup = "/actuator/modules?module=example.com/who&version=v1.0.0";
        HttpResponse<byte[]> answer =
                CLIENT.send(request(lookup, bearer(ADMIN)).build(), BodyHandlers.ofByteArray());
        JsonNode files = JsonMapper.shared().readTree(answer.body()).get("files");
        assertThat(files).hasSize(2);
        assertThat(files.findValuesAsString("token")).containsExactly("team");
        assertThat(files.findValuesAsString("subject")).containsExactly("another replica's");
        assertThat(status(lookup, bearer(READER))).isEqualTo(403);
        assertThat(status(lookup.replace("v1.0.0", "main"), bearer(ADMIN))).isEqualTo(400);
    }

    @Test
    void anOperatorCanPurgeAVersion() throws Exception {
        String name = "example.com/bad/@v/v1.0.0.mod";
        upstream.has(name, "module bad");
        get(name, bearer(READER));
        awaitKey("team/module/" + hash(name));
        String purge = "/actuator/modules?module=example.com/bad&version=v1.0.0";
        assertThat(delete(purge, READER).statusCode()).isEqualTo(403);
        assertThat(delete(purge, ADMIN).statusCode()).isEqualTo(400);
        assertThat(delete(purge.replace("v1.0.0", "main") + "&by=me", ADMIN).statusCode())
                .isEqualTo(400);
        HttpResponse<byte[]> answer = delete(purge + "&by=me", ADMIN);
        assertThat(text(answer)).contains("\"files\":1");
        assertThat(exists("team/module/" + hash(name))).isFalse();
        upstream.has(name, "module good");
        assertThat(text(get(name, bearer(READER)))).isEqualTo("module good");
    }

    private static HttpResponse<byte[]> get(String name, @Nullable String authorization)
            throws Exception {
        return send("GET", name, authorization);
    }

    private static HttpResponse<byte[]> send(
            String method, String name, @Nullable String authorization, String... headers)
            throws Exception {
        HttpRequest.Builder request = request("/mod/" + name, authorization);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(
                request.method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> delete(String path, String token) throws Exception {
        return CLIENT.send(
                request(path, bearer(token)).DELETE().build(), BodyHandlers.ofByteArray());
    }

    private static int status(String path, String authorization) throws Exception {
        return CLIENT.send(request(path, authorization).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpRequest.Builder request(String path, @Nullable String authorization) {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + path.replace("%zz", "%25zz"));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return authorization == null ? request : request.header("Authorization", authorization);
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    /** As go-cache-plugin's documentation has it: the first two characters of the hash, and the hash. */
    private static String hash(String name) throws Exception {
        String hash = Sha256.hex(new ByteArrayInputStream(name.getBytes(UTF_8)));
        return hash.substring(0, 2) + "/" + hash;
    }

    private static String awaitKey(String key) {
        await("upload of " + key).until(() -> exists(key));
        return bucket.getObjectAsBytes(request -> request.bucket("bucket").key(key)).asUtf8String();
    }

    private static boolean exists(String key) {
        try {
            bucket.headObject(request -> request.bucket("bucket").key(key));
            return true;
        } catch (S3Exception e) {
            return false;
        }
    }
}
