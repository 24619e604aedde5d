package io.gocacheserver.module;

import static io.gocacheserver.module.FakeUpstream.MODULE;
import static io.gocacheserver.module.FakeUpstream.VERSION;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.cache.Access;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.module.ModuleProxy.Answer;
import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.ScriptedServer.Exchange;
import io.gocacheserver.testsupport.ScriptedServer.Script;
import io.gocacheserver.testsupport.TestDisk;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Upstreams that hang, drip, lie and fail: each costs a bounded time, and leaves nothing. */
class BadUpstreamTest extends ModuleProxyFixture {

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 429, 500, 503})
    void aStatusThatSaysNothingIsAFailure(int status) throws Exception {
        upstream.answers(
                ZIP,
                exchange -> exchange.answer(status, "secrets of the upstream".getBytes(UTF_8)));
        assertThat(refused(ZIP))
                .isEqualTo(
                        new Answer.Refused(
                                502, "%s: 127.0.0.1: it answers %d".formatted(ZIP, status)));
        assertNothingKept(ZIP);
    }

    @Test
    void anUpstreamThatHangsIsLeft() throws Exception {
        upstream.answers(ZIP, Exchange::hang);
        assertThat(refused(ZIP).text()).contains("did not begin to answer");
        assertNothingKept(ZIP);
    }

    @Test
    void anUpstreamThatDripsIsLeft() throws Exception {
        upstream.answers(
                ZIP,
                exchange -> {
                    exchange.begin(200, 100_000);
                    while (true) {
                        exchange.send("x");
                        exchange.pause(50);
                    }
                });
        assertThat(refused(ZIP).text()).contains("it sent ");
        assertNothingKept(ZIP);
    }

    @Test
    void afterOneThatDripsTheNextStartsAfresh() throws Exception {
        try (FakeUpstream second = new FakeUpstream()) {
            second.has(MOD, "module m");
            upstream.answers(
                    MOD,
                    exchange -> {
                        exchange.begin(200, 100_000);
                        exchange.send("module wrong");
                        exchange.hang();
                    });
            proxy = proxy(upstream.url() + "|" + second.url());
            assertThat(text(MOD)).isEqualTo("module m");
        }
    }

    @Test
    void oneThatIsNotThereIsSaid() throws Exception {
        upstream.close();
        assertThat(refused(ZIP).status()).isEqualTo(502);
        assertNothingKept(ZIP);
    }

    @Test
    void aBodyThatIsCutOffIsNotKept() throws Exception {
        byte[] zip = goodZip();
        upstream.answers(
                ZIP,
                exchange -> {
                    exchange.begin(200, zip.length);
                    exchange.send(Arrays.copyOf(zip, zip.length - 10));
                    exchange.hangUp();
                });
        assertThat(refused(ZIP).status()).isEqualTo(502);
        assertNothingKept(ZIP);
    }

    @Test
    void aFileThatIsTooLargeIsLeftWhenItTurnsOutToBe() throws Exception {
        upstream.answers(INFO, exchange -> exchange.answer(200, new byte[2 * 1024 * 1024]));
        assertThat(refused(INFO).text()).contains("more than 1048576 bytes");
        assertNothingKept(INFO);
    }

    @ParameterizedTest
    @CsvSource({
        "'<html>', it is no JSON",
        "'{', it is no JSON",
        "'[]', it names no version",
        "'{}', it names no version",
        "'{\"Version\":\"main\"}', it names no version",
        "'{\"Version\":\"v1.2.4\"}', it is about v1.2.4",
    })
    void infoThatIsWrongIsRefused(String json, String why) throws Exception {
        upstream.has(INFO, json);
        assertThat(refused(INFO))
                .isEqualTo(new Answer.Refused(502, "%s is refused: %s".formatted(INFO, why)));
        assertNothingKept(INFO);
    }

    @Test
    void aZipThatIsWrongIsRefused() throws Exception {
        List<byte[]> wrong =
                List.of(
                        "no zip".getBytes(UTF_8),
                        FakeUpstream.zip("example.com/other@v1.2.3/go.mod", "x"),
                        FakeUpstream.zip(MODULE + "@" + VERSION + "/../../escape", "x"));
        for (byte[] zip : wrong) {
            upstream.has(ZIP, zip);
            assertThat(refused(ZIP).text()).startsWith(ZIP + " is refused: ");
            assertNothingKept(ZIP);
        }
        assertThat(counted("gocache.module.refused")).isEqualTo(wrong.size());
    }

    @Test
    void aZipThatIsNotThatOfTheChecksumDatabaseIsRefused() throws Exception {
        proxy = proxy(upstream.url(), disk, DATABASE);
        upstream.has(ZIP, goodZip())
                .has(
                        LOOKUP,
                        "7\n%s %s h1:x=\n%s %s/go.mod h1:y=\n\ngo.sum database tree\n"
                                .formatted(MODULE, VERSION, MODULE, VERSION));
        assertThat(refused(ZIP).text())
                .contains("SECURITY ERROR", "the checksum database sum.example has h1:x=");
        assertThat(disk.has(key("global", ZIP))).isFalse();
        assertThat(proxy.report().refused()).isOne();
        assertThat(proxy.report().refusal()).startsWith(ZIP + ": SECURITY ERROR");
    }

    @Test
    void aZipIsKeptThatTheChecksumDatabaseConfirmsOrDoesNotKnow() throws Exception {
        proxy = proxy(upstream.url(), disk, DATABASE);
        upstream.has(ZIP, goodZip());
        assertThat(get(ZIP)).isInstanceOf(Answer.Found.class);
        assertThat(counted("gocache.module.unchecked")).isOne();

        Files.write(directory.resolve("good.zip"), goodZip());
        String hash = ModuleZip.hash(directory.resolve("good.zip"), MODULE, VERSION);
        try (DiskTier other = TestDisk.open(directory.resolve("other"))) {
            proxy = proxy(upstream.url(), other, DATABASE);
            upstream.has(LOOKUP, "7\n%s %s %s\n".formatted(MODULE, VERSION, hash));
            assertThat(get(ZIP)).isInstanceOf(Answer.Found.class);
        }
        assertThat(counted("gocache.module.unchecked")).isOne();
    }

    @Test
    void credentialsDoNotFollowARedirectToAnotherHost() throws Exception {
        String name = "corp.example/app/@v/v1.0.0.mod";
        upstream.has("elsewhere", "module corp.example/app");
        corporate.answers(
                name,
                exchange ->
                        exchange.answer(
                                302, new byte[0], "Location: " + upstream.url() + "/elsewhere"));
        assertThat(text(get(access("team"), name))).isEqualTo("module corp.example/app");
        assertThat(corporate.requests().getFirst().headers()).containsKey("authorization");
        assertThat(upstream.requests().getFirst().headers()).doesNotContainKey("authorization");
    }

    @Test
    void credentialsFollowARedirectOnTheirHost() throws Exception {
        String name = "corp.example/app/@v/v1.0.0.mod";
        corporate.has("elsewhere", "module corp.example/app");
        corporate.answers(
                name, exchange -> exchange.answer(307, new byte[0], "Location: /elsewhere"));
        get(access("team"), name);
        assertThat(corporate.requests())
                .allSatisfy(each -> assertThat(each.headers()).containsKey("authorization"));
    }

    @Test
    void redirectsHaveAnEnd() throws Exception {
        Script again =
                exchange ->
                        exchange.answer(302, new byte[0], "Location: " + exchange.request().path());
        upstream.answers(ZIP, again);
        assertThat(refused(ZIP).text()).contains("redirects more than 5 times");
        upstream.answers(
                ZIP, exchange -> exchange.answer(302, new byte[0], "Location: file:///etc/passwd"));
        assertThat(refused(ZIP).text()).contains("not followed");
    }

    @Test
    void credentialsThatCannotBeReadAreSaidWithoutThem() throws Exception {
        Files.delete(directory.resolve("credentials"));
        Answer answer = get(access("team"), "corp.example/app/@v/v1.0.0.mod");
        assertThat(((Answer.Refused) answer).text()).contains("credentials cannot be read");
        assertThat(corporate.asked()).isEmpty();
    }

    @Test
    void aDiskThatCannotKeepItIsSaid() throws Exception {
        byte[] noise = new byte[30_000_000];
        new Random(1).nextBytes(noise);
        upstream.has(LIST, Arrays.copyOf(noise, 16_000_000));
        try (DiskTier small =
                DiskTier.open(TestDisk.settings(directory.resolve("small"), 8_000_000), now::get)) {
            proxy = proxy(upstream.url(), small, "");
            assertThat(proxy.get(Access.OPEN, ModuleFile.parse(LIST), true))
                    .isEqualTo(new Answer.Refused(507, "the service's disk cannot keep the file"));
        }
        assertThat(Directories.files(directory.resolve("downloads"))).isEmpty();
    }
}
