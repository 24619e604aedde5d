package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.Lookup;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.disk.DiskTier;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;
import io.gocacheserver.testsupport.Requirements;
import io.gocacheserver.testsupport.TestDisk;
import io.gocacheserver.testsupport.Versitygw;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** On a real S3 server; there too: a bucket that the real go-cache-plugin wrote. */
class VersitygwIT extends TieredCacheOnS3Behaviour {

    private static final int ACTIONS_IN_FIXTURE = 121;
    private static final int OBJECTS_IN_FIXTURE = 91;

    private static @Nullable Versitygw server;
    private static @Nullable S3Client client;

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

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    S3Client s3() {
        return Objects.requireNonNull(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team/a"})
    void aBucketThatGoCachePluginWroteIsServedWhole(String keyPrefix) throws Exception {
        Path folder = Objects.requireNonNull(server).bucket(bucket()).resolve(keyPrefix);
        unpackFixture(Files.createDirectories(folder));
        List<Path> actions = filesBelow(folder.resolve("action"));
        assertThat(actions).hasSize(ACTIONS_IN_FIXTURE);
        try (DiskTier disk = TestDisk.open(directory().resolve("fixture"))) {
            TieredCache cache = cache(disk, keyPrefix);
            for (Path action : actions) {
                assertAnswered(cache, folder, action);
            }
            assertThat(disk.usage().actions()).isEqualTo(ACTIONS_IN_FIXTURE);
            assertThat(disk.usage().objects()).isEqualTo(OBJECTS_IN_FIXTURE);
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
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(hit.content()));
        assertThat(OutputId.of(hash)).isEqualTo(hit.entry().output());
    }

    private static void unpackFixture(Path folder) throws IOException, InterruptedException {
        Path fixtures =
                Optional.ofNullable(System.getenv("FIXTURES"))
                        .map(Path::of)
                        .orElse(Path.of("..", "shared", "fixtures"));
        Path archive = fixtures.resolve("go-cache-plugin-bucket.tar.xz").toAbsolutePath();
        Requirements.need(
                Files.isReadable(archive),
                "no bucket of go-cache-plugin at %s: set FIXTURES to the folder that has it"
                        .formatted(archive));
        Process tar =
                new ProcessBuilder("tar", "-xJf", archive.toString(), "-C", folder.toString())
                        .inheritIO()
                        .start();
        Requirements.need(
                tar.waitFor() == 0, "tar cannot unpack %s: install xz".formatted(archive));
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }
}
