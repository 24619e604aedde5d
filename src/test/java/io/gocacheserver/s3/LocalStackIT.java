package io.gocacheserver.s3;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.List;
import java.util.Map;

/** On LocalStack as a Python program, which needs no Docker. */
@Needs(Program.LOCALSTACK)
class LocalStackIT extends TieredCacheOnS3Behaviour {

    @RegisterExtension
    static final S3Program SERVER =
            new S3Program(
                    Program.LOCALSTACK,
                    (program, directory, port) ->
                            new S3Program.Start(
                                    List.of("-m", "localstack.runtime.main"),
                                    Map.of(
                                            "SERVICES", "s3",
                                            "EAGER_SERVICE_LOADING", "1",
                                            "DISABLE_EVENTS", "1",
                                            "SKIP_SSL_CERT_DOWNLOAD", "1",
                                            "FILESYSTEM_ROOT", directory.toString(),
                                            "GATEWAY_LISTEN", "127.0.0.1:" + port)));

    @Override
    S3Client s3() {
        return SERVER.client();
    }
}
