package io.gocacheserver.s3;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.List;
import java.util.Map;

/** On MinIO. */
@Needs(Program.MINIO)
class MinioIT extends TieredCacheOnS3Behaviour {

    @RegisterExtension
    static final S3Program SERVER =
            new S3Program(
                    Program.MINIO,
                    (program, directory, port) ->
                            new S3Program.Start(
                                    List.of(
                                            "server",
                                            directory.resolve("data").toString(),
                                            "--address",
                                            "127.0.0.1:" + port),
                                    Map.of(
                                            "MINIO_ROOT_USER",
                                            S3Program.ACCESS_KEY,
                                            "MINIO_ROOT_PASSWORD",
                                            S3Program.SECRET_KEY,
                                            "MINIO_BROWSER",
                                            "off",
                                            "MINIO_UPDATE",
                                            "off")));

    @Override
    S3Client s3() {
        return SERVER.client();
    }
}
