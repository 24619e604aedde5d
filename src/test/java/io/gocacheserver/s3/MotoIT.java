package io.gocacheserver.s3;

import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;

import org.junit.jupiter.api.extension.RegisterExtension;

import software.amazon.awssdk.services.s3.S3Client;

import java.util.List;
import java.util.Map;

/** On moto, which checks no signatures. */
@Needs(Program.MOTO)
class MotoIT extends TieredCacheOnS3Behaviour {

    @RegisterExtension
    static final S3Program SERVER =
            new S3Program(
                    Program.MOTO,
                    (program, directory, port) ->
                            new S3Program.Start(
                                    List.of("-H", "127.0.0.1", "-p", String.valueOf(port)),
                                    Map.of()));

    @Override
    S3Client s3() {
        return SERVER.client();
    }
}
