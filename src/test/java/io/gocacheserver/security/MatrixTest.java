package io.gocacheserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestObject;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every endpoint, asked with each kind of token, or none. One that has no row here fails the test. */
class MatrixTest {

    private static final String OBJECT_TEXT = "an object";
    private static final TestObject OBJECT = TestObject.of(OBJECT_TEXT);
    private static final TestObject ABSENT = TestObject.ofSize(101);
    private static final String NOTHING = "";

    /** What an endpoint wants of whoever asks it. */
    enum Need {
        NOTHING,
        READ,
        WRITE,
        OBSERVE,
        BUILDS,
        ADMIN
    }

    /**
     * An endpoint.
     *
     * @param mapping method and pattern, as Spring has it
     * @param answer status for whoever may ask
     */
    record Row(
            String mapping, Need need, String path, String body, int answer, List<String> headers) {

        String method() {
            return mapping.substring(0, mapping.indexOf(' '));
        }

        @Override
        public String toString() {
            return mapping;
        }
    }

    private static final List<Row> ROWS =
            List.of(
                    row("GET /action/{actionId}", Need.READ, "/action/" + ABSENT.action(), 404),
                    row("GET /action/", Need.READ, "/action/", 400),
                    new Row(
                            "PUT /action/{actionId}",
                            Need.WRITE,
                            "/action/" + OBJECT.action(),
                            NOTHING,
                            409,
                            List.of("Go-Output-Id", TestObject.ofSize(9).output().hex())),
                    row("PUT /action/", Need.WRITE, "/action/", 400),
                    row("GET /output/{outputId}", Need.READ, "/output/" + ABSENT.output(), 404),
                    row("GET /output/", Need.READ, "/output/", 400),
                    new Row(
                            "PUT /output/{outputId}",
                            Need.WRITE,
                            "/output/" + OBJECT.output(),
                            OBJECT_TEXT,
                            204,
                            List.of()),
                    row("PUT /output/", Need.WRITE, "/output/", 400),
                    new Row(
                            "PUT /{actionId}/{outputId}",
                            Need.WRITE,
                            OBJECT.putPath(),
                            OBJECT_TEXT,
                            204,
                            List.of()),
                    row("PUT /{actionId}/", Need.WRITE, "/" + OBJECT.action() + "/", 400),
                    row("GET /mod/**", Need.READ, "/mod/example.com/m/@v/list", 404),
                    row("GET /filter", Need.READ, "/filter", 200),
                    json("POST /prefetch", Need.READ, "/prefetch", "{", 400),
                    json("POST /prefetch/used", Need.WRITE, "/prefetch/used", "{", 400),
                    json("POST /builds", Need.READ, "/builds", "{", 400),
                    json("POST /builds/{id}/packages", Need.READ, "/builds/7/packages", "{", 400),
                    row("GET /builds", Need.BUILDS, "/builds", 200),
                    row("GET /builds/{id:[0-9]+}", Need.BUILDS, "/builds/7", 404),
                    row("GET /builds/{id}/explanation", Need.BUILDS, "/builds/7/explanation", 404),
                    row("GET /builds/days", Need.BUILDS, "/builds/days", 200),
                    row("GET /builds/missed", Need.BUILDS, "/builds/missed", 200),
                    row("GET /builds/packages", Need.BUILDS, "/builds/packages?name=fmt", 200),
                    json(
                            "POST /auth/exchange-token",
                            Need.NOTHING,
                            "/auth/exchange-token",
                            "{",
                            400),
                    row("GET /", Need.NOTHING, "/", 200),
                    row("GET /page/{name}", Need.NOTHING, "/page/page.js", 200),
                    row("GET /openapi.yaml", Need.NOTHING, "/openapi.yaml", 200),
                    row("GET /adapter/", Need.NOTHING, "/adapter/", -1),
                    row("GET /adapter/install.sh", Need.NOTHING, "/adapter/install.sh", -1),
                    row("GET /adapter/{file:.+\\.tar\\.gz}", Need.NOTHING, "/adapter/x.tar.gz", -1),
                    row(
                            "GET /adapter/{file:.+\\.tar\\.gz}.sha256",
                            Need.NOTHING,
                            "/adapter/x.tar.gz.sha256",
                            -1),
                    row("GET /status.json", Need.OBSERVE, "/status.json", 200),
                    row(
                            "GET /entries/{kind}/{id}",
                            Need.ADMIN,
                            "/entries/action/" + TestObject.ofSize(8).action(),
                            404),
                    row(
                            "DELETE /entries/{kind}/{id}",
                            Need.ADMIN,
                            "/entries/action/" + TestObject.ofSize(8).action() + "?by=me",
                            200),
                    row("GET /actuator", Need.ADMIN, "/actuator", 200),
                    row("GET /actuator/health", Need.OBSERVE, "/actuator/health", 200),
                    row("GET /actuator/health/**", Need.OBSERVE, "/actuator/health/disk", 200),
                    row("GET /actuator/info", Need.OBSERVE, "/actuator/info", 200),
                    row("GET /actuator/metrics", Need.OBSERVE, "/actuator/metrics", 200),
                    row(
                            "GET /actuator/metrics/{requiredMetricName}",
                            Need.OBSERVE,
                            "/actuator/metrics/gocache.refused",
                            200),
                    row("GET /actuator/prometheus", Need.OBSERVE, "/actuator/prometheus", 200),
                    row("GET /actuator/expvar", Need.OBSERVE, "/actuator/expvar", 200),
                    row("GET /actuator/sbom", Need.ADMIN, "/actuator/sbom", -1),
                    row("GET /actuator/sbom/{id}", Need.ADMIN, "/actuator/sbom/application", -1),
                    row("GET /actuator/gocache", Need.ADMIN, "/actuator/gocache", 200),
                    row(
                            "GET /actuator/gocache/{kind}/{id}",
                            Need.ADMIN,
                            "/actuator/gocache/action/" + TestObject.ofSize(8).action(),
                            404),
                    row(
                            "GET /actuator/gocache/{what}",
                            Need.ADMIN,
                            "/actuator/gocache/writes?token=writer",
                            200),
                    row(
                            "DELETE /actuator/gocache/{what}",
                            Need.ADMIN,
                            "/actuator/gocache/writes?token=nobody&by=me",
                            200),
                    row("GET /actuator/modules", Need.ADMIN, "/actuator/modules", 200),
                    row(
                            "DELETE /actuator/modules",
                            Need.ADMIN,
                            "/actuator/modules?module=example.com/m&version=v1.0.0&by=me",
                            200),
                    row("POST /actuator/gocache/{task}", Need.ADMIN, "/actuator/gocache/x", 404),
                    row(
                            "DELETE /actuator/gocache/{kind}/{id}",
                            Need.ADMIN,
                            "/actuator/gocache/action/" + TestObject.ofSize(8).action() + "?by=me",
                            200));

    @TempDir private static Path directory;
    @AutoClose private static TestIssuer issuer;
    @AutoClose private static TestIssuer stranger;
    @AutoClose private static SecuredService service;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        stranger = new TestIssuer();
        service = new SecuredService(directory, issuer);
    }

    /** Who asks, and what he is answered: 0 stands for the endpoint's own answer. */
    enum Who {
        NO_TOKEN,
        BAD,
        EXPIRED,
        WRONG_AUDIENCE,
        WRONG_ISSUER,
        NO_RULE,
        READ_ONLY,
        READ_WRITE,
        OTHER_NAMESPACE,
        MAIN,
        PULL_REQUEST,
        OBSERVER,
        ADMINISTRATOR;

        @Nullable String token() {
            Map<String, Object> main = Map.of("repository", "acme/app", "ref", "refs/heads/main");
            return switch (this) {
                case EXPIRED ->
                        issuer.token(
                                main,
                                claims ->
                                        claims.expirationTime(
                                                Date.from(
                                                        Instant.now()
                                                                .minus(Duration.ofMinutes(2)))));
                case WRONG_AUDIENCE ->
                        issuer.token(main, claims -> claims.audience("https://elsewhere"));
                case WRONG_ISSUER -> stranger.token(main);
                case NO_RULE ->
                        issuer.token(Map.of("repository", "evil/app", "ref", "refs/heads/main"));
                case MAIN -> issuer.token(main);
                case PULL_REQUEST ->
                        issuer.token(Map.of("repository", "acme/app", "ref", "refs/pull/7/merge"));
                case NO_TOKEN -> null;
                case BAD -> "not-a-token-at-all";
                case READ_ONLY -> SecuredService.READ;
                case READ_WRITE -> SecuredService.WRITE;
                case OTHER_NAMESPACE -> SecuredService.TEAM;
                case OBSERVER -> SecuredService.OBSERVE;
                case ADMINISTRATOR -> SecuredService.ADMIN;
            };
        }

        int status(Need need) {
            if (need == Need.NOTHING) {
                return 0;
            }
            return switch (this) {
                case NO_TOKEN, BAD, EXPIRED, WRONG_AUDIENCE, WRONG_ISSUER -> 401;
                case NO_RULE -> 403;
                case READ_ONLY -> need == Need.READ || need == Need.BUILDS ? 0 : 403;
                case READ_WRITE, OTHER_NAMESPACE, MAIN, PULL_REQUEST ->
                        need == Need.READ || need == Need.WRITE || need == Need.BUILDS ? 0 : 403;
                case OBSERVER -> need == Need.OBSERVE || need == Need.BUILDS ? 0 : 403;
                case ADMINISTRATOR -> 0;
            };
        }
    }

    @Test
    void everyEndpointHasARow() {
        Set<String> rows = new TreeSet<>();
        ROWS.forEach(row -> rows.add(row.mapping()));

        assertThat(rows).isEqualTo(endpoints());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAnsweredAsTheTokenAllows(Row row) throws Exception {
        Map<Who, Integer> expected = new LinkedHashMap<>();
        Map<Who, Integer> seen = new LinkedHashMap<>();
        for (Who who : Who.values()) {
            int status = who.status(row.need());
            var response =
                    service.send(
                            row.method(),
                            row.path(),
                            who.token(),
                            row.body().getBytes(StandardCharsets.UTF_8),
                            row.headers().toArray(String[]::new));
            seen.put(who, response.statusCode());
            // What is not there without an archive of the adapter answers 200 or 404.
            boolean any =
                    status == 0
                            && row.answer() < 0
                            && (response.statusCode() == 200 || response.statusCode() == 404);
            expected.put(who, any ? response.statusCode() : status == 0 ? row.answer() : status);
            if (status == 401) {
                assertThat(response.headers().firstValue("WWW-Authenticate"))
                        .get()
                        .asString()
                        .startsWith("Bearer ");
            }
            if (status != 0) {
                assertThat(response.headers().firstValue("Content-Type"))
                        .contains(
                                row.path().startsWith("/mod/")
                                        ? "text/plain;charset=utf-8"
                                        : "application/problem+json");
            }
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void probesNeedNoTokenAndSayNoMoreThanTheState() throws Exception {
        for (String group : List.of("liveness", "readiness")) {
            var response = service.get("/actuator/health/" + group, null);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("{\"status\":\"UP\"}");
        }
        assertThat(service.get("/actuator/health", SecuredService.OBSERVE).body())
                .contains("\"disk\"");
    }

    @Test
    void whatNobodyKnowsNeedsAnAdministrator() throws Exception {
        assertThat(service.get("/nothing/here", null).statusCode()).isEqualTo(401);
        assertThat(service.get("/nothing", SecuredService.WRITE).statusCode()).isEqualTo(403);
        assertThat(service.get("/nothing", SecuredService.ADMIN).statusCode()).isEqualTo(404);
    }

    private static Row row(String mapping, Need need, String path, int answer) {
        return new Row(mapping, need, path, NOTHING, answer, List.of());
    }

    private static Row json(String mapping, Need need, String path, String body, int answer) {
        return new Row(
                mapping, need, path, body, answer, List.of("Content-Type", "application/json"));
    }

    private static List<Row> rows() {
        return ROWS;
    }

    private static Set<String> endpoints() {
        Set<String> endpoints = new TreeSet<>();
        service.running()
                .context()
                .getBeansOfType(RequestMappingInfoHandlerMapping.class)
                .values()
                .forEach(
                        mapping ->
                                mapping.getHandlerMethods()
                                        .keySet()
                                        .forEach(info -> add(endpoints, info)));
        endpoints.removeIf(each -> each.endsWith(" /error"));
        return endpoints;
    }

    private static void add(Set<String> endpoints, RequestMappingInfo info) {
        for (String pattern : info.getPatternValues()) {
            if (info.getMethodsCondition().getMethods().isEmpty()) {
                endpoints.add("ANY " + pattern);
            }
            info.getMethodsCondition()
                    .getMethods()
                    .forEach(method -> endpoints.add(method + " " + pattern));
        }
    }
}
