package io.gocacheserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.gocacheserver.GoCacheServer;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.FileSystemResource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an operator sets, and what he is told of it. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class AuthSettingsTest {

    private static final String SECRET = "s3cr3t-0123456789abcdef";

    @TempDir private Path directory;

    @Test
    void anOpenServiceThatOthersReachSaysSo(CapturedOutput output) {
        RunningService.start(directory).close();
        assertThat(output).contains("OPEN TO EVERYONE").contains("; open to everyone");
    }

    @Test
    void anOpenServiceOnLoopbackNeedNot(CapturedOutput output) {
        RunningService.start(directory, "server.address=127.0.0.1").close();
        assertThat(output).doesNotContain("OPEN TO EVERYONE");
    }

    /** What the chart shows as an example is what the service takes. */
    @Test
    void theChartsExampleHolds(CapturedOutput output) throws Exception {
        Path secrets = Files.createDirectory(directory.resolve("secrets"));
        for (String key : List.of("laptops", "session", "test")) {
            Files.writeString(secrets.resolve(key), key + "-" + SECRET.repeat(2));
        }
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource("helm/go-cache-server/ci/auth-values.yaml"));
        String[] settings =
                requireNonNull(yaml.getObject()).entrySet().stream()
                        .filter(each -> each.getKey().toString().startsWith("config."))
                        .map(each -> each.toString().substring("config.".length()))
                        .map(
                                each ->
                                        each.replace(
                                                "/var/run/secrets/go-cache-server",
                                                secrets.toString()))
                        .toArray(String[]::new);
        try (RunningService service = RunningService.start(directory.resolve("data"), settings)) {
            assertThat(output).contains("2 static tokens, 1 issuers, 2 rules");
            String path = "/action/" + TestObject.ofSize(1).action();
            assertThat(ask(service, path, "laptops-" + SECRET.repeat(2)).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aServiceThatWantsTokensSaysHowManyAndNoSecret(CapturedOutput output) throws Exception {
        try (RunningService service =
                RunningService.start(
                        directory,
                        "cache-server.auth.tokens[0].name=ci",
                        "cache-server.auth.tokens[0].secret=" + SECRET,
                        "cache-server.web.request-log=true",
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.env.show-values=when-authorized",
                        "cache-server.auth.tokens[1].name=operator",
                        "cache-server.auth.tokens[1].secret=operator-" + SECRET,
                        "cache-server.auth.tokens[1].access=admin",
                        "logging.level.io.gocacheserver=debug",
                        "logging.level.org.springframework.security=debug")) {
            assertThat(output)
                    .doesNotContain("OPEN TO EVERYONE")
                    .contains("2 static tokens, 0 issuers, 0 rules");
            String path = "/action/" + TestObject.ofSize(1).action();
            assertThat(ask(service, path, SECRET).statusCode()).isEqualTo(404);
            assertThat(ask(service, path, SECRET + "x").statusCode()).isEqualTo(401);
            assertThat(ask(service, "/actuator/env", SECRET).statusCode()).isEqualTo(403);
            for (String endpoint : List.of("env", "configprops", "prometheus", "gocache")) {
                HttpResponse<String> answer =
                        ask(service, "/actuator/" + endpoint, "operator-" + SECRET);
                assertThat(answer.statusCode()).as(endpoint).isEqualTo(200);
                assertThat(answer.body()).as(endpoint).doesNotContain(SECRET);
            }
            assertThat(output).contains("refused GET " + path + " from 127.0.0.1");
        }
        assertThat(output).doesNotContain(SECRET);
    }

    @Test
    void everyoneMayReadWhatIsGlobalWhereThatIsSet() throws Exception {
        try (RunningService service =
                RunningService.start(
                        directory,
                        "cache-server.auth.tokens[0].name=ci",
                        "cache-server.auth.tokens[0].secret=" + SECRET,
                        "cache-server.auth.tokens[0].access=read-write",
                        "cache-server.auth.anonymous-reads=true")) {
            TestObject object = TestObject.ofSize(10);
            assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(404);
            assertThat(service.put(object)).isEqualTo(401);
            assertThat(service.get("/status.json").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void theActuatorsOwnPortShowsWhatIsObservedAndKeepsTheRest() throws Exception {
        try (RunningService service =
                RunningService.start(
                        directory,
                        "management.server.port=0",
                        "cache-server.auth.tokens[0].name=operator",
                        "cache-server.auth.tokens[0].secret=" + SECRET,
                        "cache-server.auth.tokens[0].access=admin")) {
            int port =
                    service.context()
                            .getEnvironment()
                            .getRequiredProperty("local.management.port", int.class);
            assertThat(port).isNotEqualTo(service.port());
            assertThat(ask(port, "/actuator/health", null).statusCode()).isEqualTo(200);
            assertThat(ask(port, "/actuator/prometheus", null).statusCode()).isEqualTo(200);
            assertThat(ask(port, "/actuator/gocache", null).statusCode()).isEqualTo(401);
            assertThat(ask(port, "/actuator/gocache", SECRET).statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(401);
            assertThat(ask(service, "/actuator/health", SECRET).statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache-server.auth.tokens[0].secrt=" + SECRET,
                "cache-server.auth.tokens[0].secret=s3cr3t",
                "cache-server.auth.token=" + SECRET,
                "cache-server.auth.session.secret=s3cr3t",
                "cache-server.auth.tokens[0].namespace=No",
                "cache-server.auth.tokens[0].access=all",
                "cache-server.auth.issuers.x.uri=https://x"
            })
    void aMistakeFailsTheStartAndSaysWhereWithoutTheSecret(String property, CapturedOutput output) {
        List<String> arguments = new ArrayList<>();
        if (!property.contains("secr")) {
            arguments.add("--cache-server.auth.tokens[0].secret=" + SECRET);
        }
        arguments.addAll(
                List.of(
                        "--server.port=0",
                        "--cache-server.disk.path=" + directory,
                        "--cache-server.auth.tokens[0].name=ci",
                        "--cache-server.auth.enabled=true",
                        "--" + property));
        boolean failed = false;
        try {
            new SpringApplication(GoCacheServer.class)
                    .run(arguments.toArray(String[]::new))
                    .close();
        } catch (RuntimeException e) {
            failed = true;
        }
        assertThat(failed).as(property).isTrue();
        assertThat(output).contains("APPLICATION FAILED TO START").contains("auth");
        assertThat(output).doesNotContain("s3cr3t");
    }

    private static HttpResponse<String> ask(RunningService service, String path, String token)
            throws Exception {
        return ask(service.port(), path, token);
    }

    private static HttpResponse<String> ask(
            int port, String path, @org.jspecify.annotations.Nullable String token)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
