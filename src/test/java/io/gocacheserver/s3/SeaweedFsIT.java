package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Lookup;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Ports;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.s3.S3Client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** On SeaweedFS: all of its servers in one process. */
@Needs(Program.SEAWEEDFS)
class SeaweedFsIT extends TieredCacheOnS3Behaviour {

    private static final String IDENTITIES =
            """
            {"identities": [{
              "name": "test",
              "credentials": [{"accessKey": "%s", "secretKey": "%s"}],
              "actions": ["Admin", "Read", "List", "Tagging", "Write"]
            }]}
            """
                    .formatted(S3Program.ACCESS_KEY, S3Program.SECRET_KEY);

    @RegisterExtension
    static final S3Program SERVER = new S3Program(Program.SEAWEEDFS, SeaweedFsIT::start);

    private static S3Program.Start start(Path program, Path directory, int port)
            throws IOException {
        Path identities = Files.writeString(directory.resolve("s3.json"), IDENTITIES);
        Path data = Files.createDirectory(directory.resolve("data"));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "server",
                                "-dir=" + data,
                                "-ip=127.0.0.1",
                                "-ip.bind=127.0.0.1",
                                "-master.volumeSizeLimitMB=64",
                                "-volume.max=2000", // each test has a bucket, and each bucket seven
                                // volumes
                                "-s3",
                                "-s3.config=" + identities,
                                "-s3.port=" + port));
        for (String each :
                List.of(
                        "master.port",
                        "master.port.grpc",
                        "volume.port",
                        "volume.port.grpc",
                        "filer.port",
                        "filer.port.grpc",
                        "s3.port.grpc")) {
            arguments.add("-" + each + "=" + Ports.free());
        }
        return new S3Program.Start(arguments, Map.of());
    }

    /** It says that the key is not there, not that the bucket is not, so that nobody can tell. */
    @Test
    @Override
    void aBucketThatIsNotThereIsNotHealthyAndAnErrorToRead() throws Exception {
        S3Tier tier =
                new S3Tier(s3(), "no-such-bucket", "", Coding.IDENTITY, Duration.ofSeconds(10));
        tier.check();
        assertThat(tier.get(TestObject.ofSize(1).key())).isInstanceOf(Lookup.Miss.class);
    }

    @Override
    S3Client s3() {
        return SERVER.client();
    }
}
