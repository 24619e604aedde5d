package io.gocacheserver.endtoend.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.CacheCounter;
import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.endtoend.ServiceClient;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.testsupport.PluginBucket;
import io.gocacheserver.testsupport.Sha256;
import io.gocacheserver.wire.WireHeaders;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A bucket that the real go-cache-plugin wrote is served whole: a team that migrates keeps its cache. */
class PluginBucketIT {

    private final JsonMapper json = JsonMapper.builder().build();

    @TempDir private Path temp;

    @ParameterizedTest(name = "key prefix \"{0}\"")
    @ValueSource(strings = {"", "old/plugin"})
    void everyActionIsServed(String keyPrefix) throws Exception {
        try (S3Bucket s3 = S3Bucket.start(temp.resolve("s3"))) {
            Path folder = Files.createDirectories(s3.folder().resolve(keyPrefix));
            PluginBucket.unpack(folder);
            SeedBucket bucket = SeedBucket.read(s3.folder(), keyPrefix);
            assertThat(bucket.actions()).hasSize(PluginBucket.ACTIONS);
            assertThat(bucket.objects()).hasSize(PluginBucket.OBJECTS);

            try (ServiceProcess service =
                    ServiceProcess.on(temp.resolve("service"))
                            .with(s3.settings())
                            .with("CACHESERVER_S3_KEYPREFIX", keyPrefix)
                            .start()) {
                for (ActionId action : bucket.actions().keySet()) {
                    assertServed(action, bucket, service.client());
                }
                assertThat(service.client().counter(CacheCounter.GET_FAULT_HIT))
                        .isEqualTo(PluginBucket.ACTIONS);
                assertThat(service.client().counter(CacheCounter.GET_FAULT_MISS)).isZero();
            }
        }
    }

    private void assertServed(ActionId action, SeedBucket bucket, ServiceClient client)
            throws IOException {
        SeedBucket.ActionRecord expected =
                Optional.ofNullable(bucket.actions().get(action)).orElseThrow();

        HttpResponse<InputStream> object = client.getObject(action);
        assertThat(object.statusCode()).as("action %s", action).isEqualTo(200);
        assertThat(object.headers().firstValue(WireHeaders.OUTPUT_ID))
                .hasValue(expected.output().hex());
        assertThat(object.headers().firstValue(WireHeaders.ENTRY_TIME).map(Instant::parse))
                .hasValue(expected.time());
        assertThat(Sha256.hex(object.body())).isEqualTo(expected.output().hex());

        HttpResponse<String> entry = client.getEntry(action);
        assertThat(entry.statusCode()).isEqualTo(200);
        JsonNode fields = json.readTree(entry.body());
        assertThat(fields.get("outputID").asString()).isEqualTo(expected.output().hex());
        assertThat(fields.get("size").asLong()).isEqualTo(bucket.objects().get(expected.output()));
        assertThat(Instant.parse(fields.get("time").asString())).isEqualTo(expected.time());
    }
}
