package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.TierException.Remote.Kind;
import io.gocacheserver.testsupport.FakeS3;
import io.gocacheserver.testsupport.FakeS3.Manner;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.ScriptedServer.Request;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The bucket is tried, and what is wrong is said with what to do. */
class S3BucketCheckTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final FakeS3 s3 = new FakeS3();
    @AutoClose private ScriptedServer server;
    @AutoClose private S3Client client;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(s3);
        client = client(URI.create(server.url()));
    }

    @Test
    void itIsWrittenOnceAndThenOnlyRead() throws Exception {
        S3Tier tier = tier(client);
        for (int i = 0; i < 3; i++) {
            tier.check();
        }
        assertThat(server.requests())
                .extracting(Request::method)
                .containsExactly("PUT", "GET", "GET", "GET");
        assertThat(server.requests())
                .allMatch(request -> request.path().startsWith("/bucket/team/profile/"));
    }

    @Test
    void whatSomebodyHasRemovedIsWrittenAgain() throws Exception {
        S3Tier tier = tier(client);
        tier.check();
        s3.forget();
        tier.check();
        assertThat(s3.keys()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NO_BUCKET | there is no such bucket; create it, or correct cache-server.s3.bucket",
                "WRONG_SECRET | the secret key is not that of the access key; correct spring.cloud",
                "WRONG_KEY | S3 does not know the access key; correct spring.cloud.aws.credentials",
                "WRONG_REGION | it is in another region; set AWS_REGION",
                "EXPIRED | the credentials have expired; renew them",
                "DENIES_ALL | may not write: allow s3:GetObject and s3:PutObject for bucket/team/*",
                "DENIES_PUTS | may not write: allow s3:GetObject and s3:PutObject for bucket/team/*",
                "DENIES_GETS | cannot be read: allow s3:GetObject for bucket/team/*"
            })
    void aWrongSettingIsSaidWithWhatToDo(Manner manner, String advice) throws Exception {
        s3.behave(manner);
        assertRefused(tier(client), advice);
        s3.behave();
        tier(client).check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO_BUCKET", "DENIES_ALL"})
    void itIsSaidAlsoWhereErrorsAreWebPages(Manner manner) {
        s3.behave(manner, Manner.HTML_ERRORS);
        assertRefused(
                tier(client),
                manner == Manner.NO_BUCKET ? "there is no such bucket" : "may not write");
    }

    @Test
    void permissionThatIsTakenAwayLaterIsSaidToo() throws Exception {
        S3Tier tier = tier(client);
        tier.check();
        s3.behave(Manner.DENIES_ALL);
        assertRefused(tier, "may not write");
        s3.behave();
        tier.check();
    }

    @Test
    void anEndpointThatIsNoS3ServerIsSaid() throws Exception {
        try (ScriptedServer web =
                        new ScriptedServer(
                                exchange -> exchange.answer(200, TestValues.bytes("<html/>")));
                S3Client wrong = client(URI.create(web.url()))) {
            assertThatExceptionOfType(TierException.Remote.class)
                    .isThrownBy(() -> tier(wrong).check())
                    .withMessageContaining("is spring.cloud.aws.s3.endpoint that of an S3 server?")
                    .satisfies(e -> assertThat(e.isOutage()).isFalse());
        }
    }

    @Test
    void aHostThatDoesNotExistIsSaid() {
        try (S3Client wrong = client(URI.create("http://no-such-host.invalid"))) {
            assertRefused(tier(wrong), "there is no host");
        }
    }

    @Test
    void httpsWhereThereIsNoneIsSaid() {
        try (S3Client wrong = client(URI.create("https://127.0.0.1:" + server.port()))) {
            assertRefused(tier(wrong), "TLS failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "FAILS", "HANGS"})
    void anOutageIsSomethingElse(Manner manner) {
        s3.behave(manner);
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(() -> tier(client).check())
                .withMessageContaining("S3 at " + server.url() + " does not work")
                .satisfies(e -> assertThat(e.isOutage()).isTrue());
    }

    private static void assertRefused(S3Tier tier, String advice) {
        assertThatExceptionOfType(TierException.Remote.class)
                .isThrownBy(tier::check)
                .withMessageStartingWith("[s3] the bucket bucket at ")
                .withMessageContaining(advice)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    private static S3Client client(URI endpoint) {
        return S3Clients.create(
                endpoint,
                "access",
                "secret",
                S3PropertiesFixture.with(Map.of("read-timeout", TIMEOUT.toSeconds() + "s")));
    }

    private static S3Tier tier(S3Client client) {
        return new S3Tier(client, FakeS3.BUCKET, "team", Coding.IDENTITY, TIMEOUT);
    }
}
