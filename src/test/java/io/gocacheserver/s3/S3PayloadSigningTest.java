package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is signed and would be sent; there is nobody who listens. */
class S3PayloadSigningTest {

    private final List<SdkHttpRequest> signed = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void thePayloadsHashIsSignedWithTlsAndWithout(String scheme) {
        TestObject object = TestObject.ofSize(300_000);
        try (S3Client s3 = recording(URI.create(scheme + "://127.0.0.1:1"))) {
            assertThatExceptionOfType(SdkClientException.class)
                    .isThrownBy(
                            () ->
                                    s3.putObject(
                                            request -> request.bucket("bucket").key("key"),
                                            RequestBody.fromBytes(object.bytes())));
        }
        assertThat(signed).isNotEmpty();
        assertThat(signed.getFirst().headers())
                .containsEntry("x-amz-content-sha256", List.of(object.output().hex()))
                .containsEntry("Content-Length", List.of("300000"))
                .doesNotContainKeys("Content-Encoding", "x-amz-trailer", "Transfer-Encoding");
        assertThat(signed.getFirst().encodedPath()).isEqualTo("/bucket/key");
    }

    private S3Client recording(URI endpoint) {
        ExecutionInterceptor recorder =
                new ExecutionInterceptor() {
                    @Override
                    public void beforeTransmission(
                            Context.BeforeTransmission context, ExecutionAttributes attributes) {
                        signed.add(context.httpRequest());
                    }
                };
        S3Client s3 =
                S3Clients.create(
                        endpoint, "access", "secret", S3PropertiesFixture.with(Map.of()), recorder);
        return s3;
    }
}
