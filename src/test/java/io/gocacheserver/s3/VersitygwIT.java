package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.PluginBucket;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.testsupport.Versitygw;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** On a real S3 server; there too: a bucket that the real go-cache-plugin wrote. */
@Needs(Program.VERSITYGW)
class VersitygwIT extends TieredCacheOnS3Behaviour {

    @AutoClose private static Versitygw server;
    @AutoClose private static S3Client client;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        server = Versitygw.start(directory);
        client =
                S3Clients.create(
                        server.uri(),
                        Versitygw.ACCESS_KEY,
                        Versitygw.SECRET_KEY,
                        S3PropertiesFixture.with(Map.of()));
    }

    @Override
    S3Client s3() {
        return client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team/a"})
    void aBucketThatGoCachePluginWroteIsServedWhole(String keyPrefix) throws Exception {
        Path folder = server.bucket(bucket()).resolve(keyPrefix);
        PluginBucket.unpack(Files.createDirectories(folder));
        List<Path> actions = filesBelow(folder.resolve("action"));
        assertThat(actions).hasSize(PluginBucket.ACTIONS);
        try (DiskTier disk = TestDisk.open(directory().resolve("fixture"))) {
            TieredCache cache = cache(disk, keyPrefix);
            for (Path action : actions) {
                assertAnswered(cache, folder, action);
            }
            assertThat(disk.report().usage().actions()).isEqualTo(PluginBucket.ACTIONS);
            assertThat(disk.report().usage().objects()).isEqualTo(PluginBucket.OBJECTS);
        }
    }

    private static void assertAnswered(TieredCache cache, Path folder, Path action)
            throws Exception {
        String[] fields = Files.readString(action).split(" ");
        ActionId id = new ActionId(action.getFileName().toString());
        Path object =
                folder.resolve("output").resolve(fields[0].substring(0, 2)).resolve(fields[0]);
        Lookup.Hit hit = (Lookup.Hit) cache.get(Access.OPEN, id);
        assertThat(hit.entry().output()).isEqualTo(new OutputId(fields[0]));
        assertThat(hit.entry().size()).isEqualTo(Files.size(object));
        assertThat(UnixNanos.of(hit.entry().time())).isEqualTo(Long.parseLong(fields[1]));
        assertThat(TestValues.output(bytes(hit.content()))).isEqualTo(hit.entry().output());
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }
}
