package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.cli.CommandLine;
import io.gocacheserver.adapter.cli.Invocation;
import io.gocacheserver.testsupport.ScriptedServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class GoModulesTest {

    private static final String TOKEN = "a-token-0123456789";

    @TempDir private Path directory;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theGoCommandIsToldTheTokenForTheServiceAlone() throws Exception {
        Map<String, String> token = Map.of("CACHESERVER_TOKEN", TOKEN);
        for (List<String> more :
                List.of(List.<String>of(), List.of("https://cache.example/mod/x"))) {
            assertThat(authorization("--server=https://cache.example", token, more))
                    .isEqualTo(
                            "https://cache.example/mod/\n\nAuthorization: Bearer "
                                    + TOKEN
                                    + "\n\n");
        }
        assertThat(authorization("--server=http://cache.example", token, List.of())).isEmpty();
        assertThat(authorization("--server=https://cache.example", Map.of(), List.of())).isEmpty();
    }

    @Test
    void aJobHasItsModulesFromAServiceThatOffersThem() throws Exception {
        try (ScriptedServer service =
                new ScriptedServer(exchange -> exchange.answer(200, new byte[0]))) {
            assertThat(variables(service.url(), Map.of()))
                    .containsExactly("GOPROXY", service.url() + "/mod|direct");
            assertThat(service.requests().getFirst().path()).isEqualTo("/mod/");
        }
        assertThat(err.size()).isZero();
    }

    @Test
    void whatTheUserHasSetStays() throws Exception {
        try (ScriptedServer service =
                new ScriptedServer(exchange -> exchange.answer(200, new byte[0]))) {
            assertThat(variables(service.url(), Map.of("GOPROXY", "off"))).isEmpty();
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void aServiceWithoutModulesOrThatIsAwayChangesNothing() throws Exception {
        String url;
        try (ScriptedServer service =
                new ScriptedServer(exchange -> exchange.answer(404, new byte[0]))) {
            url = service.url();
            assertThat(variables(url, Map.of())).isEmpty();
        }
        assertThat(variables(url, Map.of())).isEmpty();
    }

    @Test
    void aTokenThatTheGoCommandCannotSendIsSaid() throws Exception {
        try (ScriptedServer service =
                new ScriptedServer(exchange -> exchange.answer(200, new byte[0]))) {
            assertThat(variables(service.url(), Map.of("CACHESERVER_TOKEN", TOKEN))).isEmpty();
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("GOPROXY is not set")
                .doesNotContain(TOKEN);
    }

    private String authorization(String server, Map<String, String> environment, List<String> more)
            throws Exception {
        String[] args =
                Stream.concat(Stream.of("goauth", server), more.stream()).toArray(String[]::new);
        Map<String, String> all = new HashMap<>(environment);
        all.put("GOCACHE", directory.toString());
        return new GoModules(CommandLine.parse(args, all).session(), all, "1").authorization();
    }

    private List<String> variables(String server, Map<String, String> environment)
            throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GITHUB_ENV", directory.resolve("env").toString());
        all.put("GOCACHE", directory.toString());
        String[] args = {"ci", "start", "--server=" + server};
        Invocation start = CommandLine.parse(args, all);
        return new GoModules(start.session(), all, "1")
                .variables(
                        start.sessionFlags(), new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
