package io.gocacheserver.module;

import static io.gocacheserver.module.FakeUpstream.MODULE;
import static io.gocacheserver.module.FakeUpstream.VERSION;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.cache.Access;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.module.ModuleMetrics.From;
import io.gocacheserver.module.ModuleProxy.Answer;
import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.Waiting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which tier answers, what is fetched, what is kept, and who may have it. */
class ModuleProxyTest extends ModuleProxyFixture {

    private static final String PRIVATE = "corp.example/app/@v/v1.0.0.mod";

    @ParameterizedTest
    @ValueSource(strings = {INFO, MOD, LOOKUP, "sumdb/sum.example/tile/8/0/001.p/7"})
    void whatNeverChangesIsFetchedOnce(String name) throws Exception {
        String text = name.equals(INFO) ? info(VERSION) : MODULE + " " + VERSION + " h1:x=\n";
        upstream.has(name, text);
        assertThat(text(name)).isEqualTo(text);
        now.set(now.get().plusSeconds(100_000_000));
        assertThat(text(name)).isEqualTo(text);
        assertThat(upstream.asked()).containsExactly(name);
        assertThat(counted("gocache.module.requests", "from", "disk")).isOne();
        assertThat(counted("gocache.module.requests", "from", "upstream")).isOne();
        assertThat(counted("gocache.module.upstream.bytes", "upstream", "127.0.0.1"))
                .isEqualTo(text.length());
    }

    @Test
    void whatWasFetchedIsUploadedUnderItsName() throws Exception {
        upstream.has(ZIP, goodZip());
        get(ZIP);
        assertThat(uploads.admitted).hasSize(1);
        assertThat(uploads.admitted.getFirst().key()).isEqualTo(key("global", ZIP));
        assertThat(uploads.wakes.get()).isOne();
    }

    @Test
    void anotherReplicaServesFromS3WithTheUpstreamGone() throws Exception {
        s3.files.put(key("global", ZIP), goodZip());
        s3.files.put(key("global", LIST), "v1.2.3\n".getBytes(UTF_8));
        upstream.close();
        assertThat(text(ZIP)).isEqualTo(new String(goodZip(), ISO_8859_1));
        assertThat(text(LIST)).isEqualTo("v1.2.3\n");
        int reads = s3.reads.get();
        text(ZIP);
        assertThat(s3.reads.get()).isEqualTo(reads);
        assertThat(uploads.admitted).isEmpty();
    }

    @Test
    void whatS3HasWrongIsFetchedAgain() throws Exception {
        s3.files.put(key("global", ZIP), "not a zip".getBytes(UTF_8));
        upstream.has(ZIP, goodZip());
        assertThat(get(ZIP)).isInstanceOf(Answer.Found.class);
        assertThat(upstream.asked()).containsExactly(ZIP);
        assertThat(counted("gocache.module.refused")).isOne();
        assertThat(uploads.admitted).hasSize(1);
    }

    @Test
    void anS3ThatFailsIsPassedBy() throws Exception {
        s3.readsFail = true;
        upstream.has(MOD, "module m");
        assertThat(text(MOD)).isEqualTo("module m");
    }

    @Test
    void concurrentRequestsCauseOneDownload() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        byte[] zip = goodZip();
        upstream.answers(
                ZIP,
                exchange -> {
                    all.await();
                    exchange.answer(200, zip);
                });
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var release =
                    executor.submit(
                            () -> {
                                Waiting.await().until(() -> upstream.asked(ZIP) == 1);
                                all.countDown();
                                return true;
                            });
            List<Answer> answers = Concurrently.run(50, i -> () -> get(ZIP));
            assertThat(answers)
                    .allSatisfy(each -> assertThat(each).isInstanceOf(Answer.Found.class));
            assertThat(release.get()).isTrue();
        }
        assertThat(upstream.asked(ZIP)).isOne();
    }

    @Test
    void aShortLifeEndsWithARefreshBehind() throws Exception {
        upstream.has(LIST, "v1.0.0\n");
        assertThat(text(LIST)).isEqualTo("v1.0.0\n");
        upstream.has(LIST, "v1.0.0\nv1.1.0\n");
        now.set(now.get().plus(REFRESH).minusSeconds(1));
        assertThat(text(LIST)).isEqualTo("v1.0.0\n");
        assertThat(upstream.asked(LIST)).isOne();

        now.set(now.get().plusSeconds(1));
        assertThat(text(LIST)).isEqualTo("v1.0.0\n");
        Waiting.await().until(() -> text(LIST).equals("v1.0.0\nv1.1.0\n"));
        assertThat(counted("gocache.module.requests", "from", "stale")).isPositive();
    }

    @Test
    void anOldAnswerIsFetchedBeforeItIsServed() throws Exception {
        upstream.has(LATEST, info("v1.0.0"));
        text(LATEST);
        upstream.has(LATEST, info("v1.1.0"));
        now.set(now.get().plus(REFRESH.multipliedBy(10)));
        assertThat(text(LATEST)).isEqualTo(info("v1.1.0"));
    }

    @Test
    void anAnswerThatIsTheSameIsNotUploadedAgain() throws Exception {
        upstream.has(LIST, "v1.0.0\n");
        for (int i = 0; i < 3; i++) {
            text(LIST);
            now.set(now.get().plus(REFRESH.multipliedBy(10)));
        }
        assertThat(upstream.asked(LIST)).isEqualTo(3);
        assertThat(uploads.admitted).hasSize(1);
    }

    @Test
    void theNewestKnownAnswerOutlivesItsUpstream() throws Exception {
        upstream.has(LIST, "v1.0.0\n");
        text(LIST);
        now.set(now.get().plus(REFRESH.multipliedBy(100)));
        upstream.answers("", exchange -> exchange.answer(500, new byte[0]));
        for (int i = 0; i < 2 * Upstreams.FAILURES; i++) {
            assertThat(get(LIST)).matches(answer -> ((Answer.Found) answer).from() == From.STALE);
        }
        assertThat(upstream.asked(LIST)).isEqualTo(1 + Upstreams.FAILURES);
        assertThat(proxy.upstreams().get(upstream.url())).contains("it answers 500");
    }

    @Test
    void theReportSaysWhatBecameOfRequests() throws Exception {
        upstream.has(MOD, "module m");
        get(MOD);
        get(MOD);
        get(INFO);
        ModuleReport report = proxy.report();
        assertThat(report.offered()).isTrue();
        assertThat(report.answers()).isEqualTo(new ModuleReport.Answers(1, 0, 1, 0, 1, 0));
        assertThat(report.bytes()).isGreaterThanOrEqualTo("module m".length());
        assertThat(report.refused()).isZero();
        assertThat(report.upstreams())
                .containsExactlyInAnyOrder(
                        new ModuleReport.Upstream(upstream.url(), "up", 0, null),
                        new ModuleReport.Upstream(corporate.url(), "unknown", 0, null));
    }

    @Test
    void anUpstreamThatRefusesIsDownUntilItAnswersOrIsNotAskedForAnHour() throws Exception {
        upstream.answers("", exchange -> exchange.answer(403, new byte[0]));
        for (int i = 1; i <= Upstreams.FAILURES; i++) {
            get("example.com/m" + i + "/@v/list");
            String state = i < Upstreams.FAILURES ? "failed" : "down";
            assertThat(reported())
                    .isEqualTo(
                            new ModuleReport.Upstream(upstream.url(), state, i, "it answers 403"));
        }
        nanosLater.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(reported().state()).isEqualTo("unknown");
        upstream.answersAsItShould();
        get(MOD);
        assertThat(reported().state()).isEqualTo("up");
    }

    private ModuleReport.Upstream reported() {
        return proxy.report().upstreams().stream()
                .filter(each -> each.url().equals(upstream.url()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsGoneUpstreamIsSaidToBe() throws Exception {
        upstream.has(LIST, "v1.0.0\n");
        text(LIST);
        now.set(now.get().plus(REFRESH.multipliedBy(10)));
        upstream.hasNot(LIST);
        assertThat(refused(LIST)).isEqualTo(new Answer.Refused(404, "not found: " + LIST));
    }

    @Test
    void thatThereIsNoneIsKnownForAShortTimeAndOutlivesTheUpstream() throws Exception {
        assertThat(refused(LIST).text()).isEqualTo("not found: " + LIST);
        assertThat(refused(LIST).text()).isEqualTo("not found: " + LIST);
        assertThat(upstream.asked(LIST)).isOne();
        upstream.has(LIST, "v1.0.0\n");
        now.set(now.get().plus(REFRESH));
        assertThat(text(LIST)).isEqualTo("v1.0.0\n");

        refused(LATEST);
        s3.files.put(
                new ActionKey(Namespace.GLOBAL.modules(), ModuleFile.parse(LATEST).absence().id()),
                "not found: by another replica".getBytes(UTF_8));
        upstream.close();
        now.set(now.get().plus(REFRESH.multipliedBy(100)));
        assertThat(refused(LATEST)).isEqualTo(new Answer.Refused(404, "not found: " + LATEST));
        try (DiskTier other = TestDisk.open(directory.resolve("other"))) {
            proxy = proxy(upstream.url(), other, "");
            assertThat(refused(LATEST))
                    .isEqualTo(new Answer.Refused(404, "not found: by another replica"));
            assertThat(refused(LIST).status()).isEqualTo(502);
        }
    }

    @Test
    void nobodyIsAskedWhereFetchingIsDisabled() throws Exception {
        upstream.has(MOD, "module m").has(LIST, "v1.0.0\n");
        for (String name : List.of(MOD, LIST)) {
            ModuleFile file = ModuleFile.parse(name);
            assertThat(proxy.get(Access.OPEN, file, false))
                    .isEqualTo(
                            new Answer.Refused(
                                    404, "not found: %s is not in the cache".formatted(name)));
            assertThat(upstream.asked(name)).isZero();
            text(name);
            now.set(now.get().plus(REFRESH.multipliedBy(10)));
            assertThat(proxy.get(Access.OPEN, file, false)).isInstanceOf(Answer.Found.class);
            assertThat(upstream.asked(name)).isOne();
        }
    }

    @Test
    void withoutAnUpstreamItIsSaidWhatToSet() throws Exception {
        proxy = proxy("");
        assertThat(refused(MOD).status()).isEqualTo(404);
        assertThat(refused(MOD).text()).contains("cache-server.modules.upstream");
    }

    @Test
    void theNextUpstreamIsAskedAsTheListSays() throws Exception {
        try (FakeUpstream second = new FakeUpstream()) {
            second.has(MOD, "module second").has(LIST, "v2\n");
            proxy = proxy(upstream.url() + "," + second.url());
            assertThat(text(MOD)).isEqualTo("module second");
            upstream.answers(LIST, exchange -> exchange.answer(403, new byte[0]));
            assertThat(refused(LIST).status()).isEqualTo(502);
            proxy = proxy(upstream.url() + "|" + second.url());
            assertThat(text(LIST)).isEqualTo("v2\n");
        }
    }

    @Test
    void whatTheListTurnsOffIsForbidden() throws Exception {
        proxy = proxy(upstream.url() + ",off");
        assertThat(refused(MOD).status()).isEqualTo(403);
        proxy = proxy(upstream.url() + ",direct");
        assertThat(refused(MOD).status()).isEqualTo(404);
    }

    @Test
    void aPrivateModuleIsForItsNamespacesAlone() throws Exception {
        corporate.has(PRIVATE, "module corp.example/app");
        Answer absent = get(access("team"), PRIVATE.replace("app", "nothing"));
        assertThat(text(get(access("global", "team"), PRIVATE)))
                .isEqualTo("module corp.example/app");
        assertThat(text(get(access("other"), PRIVATE))).isEqualTo("module corp.example/app");
        for (Access other : List.of(Access.OPEN, access("global"), access("third", "global"))) {
            assertThat(get(other, PRIVATE))
                    .isEqualTo(new Answer.Refused(404, "not found: " + PRIVATE));
        }
        assertThat(absent)
                .isEqualTo(
                        new Answer.Refused(404, "not found: " + PRIVATE.replace("app", "nothing")));
        assertThat(corporate.asked(PRIVATE)).isOne();
        assertThat(upstream.asked()).isEmpty();
        assertThat(uploads.admitted.getFirst().key()).isEqualTo(key("team", PRIVATE));
        assertThat(corporate.requests().getFirst().headers())
                .containsEntry("authorization", "Basic cm9ib3Q6c2VjcmV0");
    }

    @Test
    void theNameOfAPrivateModuleReachesNoChecksumDatabase() throws Exception {
        String lookup = "sumdb/sum.example/lookup/corp.example/app@v1.0.0";
        upstream.has(lookup, "corp.example/app v1.0.0 h1:x=");
        assertThat(get(access("team"), lookup))
                .isEqualTo(new Answer.Refused(404, "not found: " + lookup));
        assertThat(upstream.asked()).isEmpty();
        assertThat(corporate.asked()).isEmpty();
    }

    @Test
    void noRequestForActionsReachesAModule() throws Exception {
        upstream.has(MOD, "module m");
        get(MOD);
        assertThat(disk.has(key("global", MOD))).isTrue();
        assertThat(disk.has(new ActionKey(Namespace.GLOBAL, ModuleFile.parse(MOD).id()))).isFalse();
        assertThat(
                        disk.isKnown(
                                uploads.admitted.getFirst().output(),
                                List.of(Namespace.GLOBAL),
                                null))
                .isFalse();
    }

    @Test
    void whoAskedFirstIsNoted() throws Exception {
        upstream.has(MOD, "module m");
        Provenance by = new Provenance("ci", null, null, null, null, null, "10.0.0.7");
        get(Access.open(by), MOD);
        assertThat(uploads.admitted.getFirst().by()).isEqualTo(by);
    }

    @Test
    void aQuotaCountsModules() throws Exception {
        for (int i = 0; i < 20; i++) {
            String name = "corp.example/app/@v/v1.0.%d.mod".formatted(i);
            corporate.has(name, "x".repeat(10_000));
            uploads.full = true; // what waits for its upload is not evicted
            assertThat(get(access("team"), name)).isInstanceOf(Answer.Found.class);
            assertThat(disk.bytes(new Namespace("team").modules())).isBetween(10_000L, 100_000L);
        }
    }

    @Test
    void aListOfFiftyThousandVersionsIsServed() throws Exception {
        String versions =
                IntStream.range(0, 50_000)
                        .mapToObj("v1.0.%d\n"::formatted)
                        .collect(Collectors.joining());
        upstream.has(LIST, versions);
        assertThat(text(LIST)).isEqualTo(versions);
    }

    @Test
    void whatOneProcessHasKeptTheNextServes() throws Exception {
        upstream.has(MOD, "module m");
        get(MOD);
        disk.close();
        try (DiskTier reopened = TestDisk.open(directory.resolve("disk"))) {
            proxy = proxy(upstream.url(), reopened, "");
            assertThat(text(MOD)).isEqualTo("module m");
        }
        assertThat(upstream.asked(MOD)).isOne();
    }

    private static String info(String version) {
        return "{\"Version\":\"%s\",\"Time\":\"2026-01-01T00:00:00Z\"}".formatted(version);
    }
}
