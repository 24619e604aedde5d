package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.EmbeddedS3;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.FilterAnswer;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.nio.file.Path;

/** What a whole service says of a bucket's actions. */
class BucketFilterTest {

    /** More than a page of a list has. */
    private static final int MANY = 1_200;

    private static final ActionId LAST = action(MANY - 1);

    @TempDir private Path directory;
    @AutoClose private EmbeddedS3 s3;
    @AutoClose private RunningService service;

    @BeforeEach
    void start() throws Exception {
        s3 = EmbeddedS3.start();
        fillBucket();
        service = start("first");
    }

    private RunningService start(String name) {
        return RunningService.start(
                directory.resolve(name), RunningService.s3Properties(s3.endpoint()));
    }

    @Test
    void allThatTheBucketHasIsKnownToAServiceThatHasNeverReadIt() throws Exception {
        TestObject object = TestObject.ofSize(100);
        assertThat(service.put(object)).isEqualTo(204);

        await().until(() -> filter().complete());

        assertThat(filter().lacks(action(0))).isFalse();
        assertThat(filter().lacks(LAST)).isFalse();
        assertThat(filter().lacks(object.action())).isFalse();
        assertThat(filter().lacks(TestValues.action("absent"))).isTrue();
    }

    @Test
    void afterARestartItIsKnownWithoutS3() throws Exception {
        await().until(() -> filter().complete());
        service.close();
        s3.close();

        service = start("first");

        await().until(() -> filter().complete());
        assertThat(filter().lacks(action(0))).isFalse();
        assertThat(filter().lacks(LAST)).isFalse();
        assertThat(filter().lacks(TestValues.action("absent"))).isTrue();
    }

    @Test
    void whatAnotherReplicaHasUploadedIsKnownOnceItWasAskedFor() throws Exception {
        await().until(() -> filter().complete());
        TestObject object = TestObject.ofSize(100);
        try (RunningService other = start("other")) {
            other.put(object);
            await().until(() -> other.text("/actuator/expvar").contains("\"put_s3_action\":1"));
        }
        assertThat(filter().lacks(object.action())).isTrue();

        assertThat(service.get("/action/" + object.action()).statusCode()).isEqualTo(200);

        assertThat(filter().lacks(object.action())).isFalse();
    }

    private FilterAnswer filter() throws Exception {
        return FilterAnswer.decode(service.get("/filter").body());
    }

    private void fillBucket() {
        var credentials = AwsBasicCredentials.create(EmbeddedS3.ACCESS_KEY, EmbeddedS3.SECRET_KEY);
        try (S3Client client =
                S3Client.builder()
                        .endpointOverride(s3.endpoint())
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .credentialsProvider(StaticCredentialsProvider.create(credentials))
                        .build()) {
            client.createBucket(request -> request.bucket("bucket"));
            for (int i = 0; i < MANY; i++) {
                String hex = action(i).hex();
                String key = "action/" + hex.substring(0, 2) + "/" + hex;
                client.putObject(
                        request -> request.bucket("bucket").key(key),
                        RequestBody.fromString("record"));
            }
        }
    }

    private static ActionId action(int number) {
        return TestValues.action("of the bucket " + number);
    }
}
