package io.gocacheserver.endtoend.storage;

import static io.gocacheserver.testsupport.Waiting.await;

import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pod with a role instead of an access key (IRSA): the service exchanges the pod's token for credentials, and S3 is asked with
 * those. Of the packaged jar, since the tests' class path has more of AWS than that.
 */
class S3RoleIT {

    private static final String TOKEN = "token-of-the-pod";

    private static final String CREDENTIALS =
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult>
                <Credentials>
                  <AccessKeyId>KEYOFTHEROLE</AccessKeyId>
                  <SecretAccessKey>secret</SecretAccessKey>
                  <SessionToken>session-of-the-role</SessionToken>
                  <Expiration>2100-01-01T00:00:00Z</Expiration>
                </Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """;

    @TempDir private Path temp;

    @Test
    void s3IsAskedWithTheCredentialsOfTheRole() throws IOException {
        Path token = Files.writeString(temp.resolve("token"), TOKEN);
        try (ScriptedServer aws = new ScriptedServer(S3RoleIT::answer);
                ServiceProcess _ =
                        ServiceProcess.on(temp.resolve("disk"))
                                .packed()
                                .with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/go-cache")
                                .with("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString())
                                .with("AWS_REGION", "eu-central-1")
                                .with("AWS_ENDPOINT_URL_STS", aws.url())
                                .with("CACHESERVER_S3_BUCKET", "bucket")
                                .with("SPRING_CLOUD_AWS_S3_ENDPOINT", aws.url())
                                .with("SPRING_CLOUD_AWS_S3_PATHSTYLEACCESSENABLED", "true")
                                .start()) {
            await().until(() -> aws.requests().stream().anyMatch(S3RoleIT::isOfTheRole));
        }
    }

    /** STS, where the pod's token comes, and else an S3 without objects. */
    private static void answer(ScriptedServer.Exchange exchange) throws IOException {
        String body = new String(exchange.request().body(), StandardCharsets.UTF_8);
        boolean sts = body.contains("AssumeRoleWithWebIdentity") && body.contains(TOKEN);
        exchange.answer(sts ? 200 : 404, TestValues.bytes(sts ? CREDENTIALS : ""));
    }

    private static boolean isOfTheRole(ScriptedServer.Request request) {
        return request.head().contains(" /bucket/")
                && request.headers()
                        .getOrDefault("authorization", "")
                        .contains("Credential=KEYOFTHEROLE/")
                && "session-of-the-role".equals(request.headers().get("x-amz-security-token"));
    }
}
