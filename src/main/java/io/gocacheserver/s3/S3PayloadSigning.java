package io.gocacheserver.s3;

import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;

import java.util.List;

/**
 * Has each payload signed as a whole: {@code x-amz-content-sha256} is the SHA-256 of the body. By default the SDK would send
 * {@code aws-chunked} bodies over HTTP, which not every server takes, and unsigned ones over HTTPS, which a bucket's policy
 * may forbid.
 */
final class S3PayloadSigning implements S3AuthSchemeProvider {

    private final S3AuthSchemeProvider schemes = S3AuthSchemeProvider.defaultProvider();

    @Override
    public List<AuthSchemeOption> resolveAuthScheme(S3AuthSchemeParams request) {
        return schemes.resolveAuthScheme(request).stream().map(S3PayloadSigning::whole).toList();
    }

    private static AuthSchemeOption whole(AuthSchemeOption scheme) {
        return scheme.toBuilder()
                .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
                .putSignerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                .build();
    }
}
