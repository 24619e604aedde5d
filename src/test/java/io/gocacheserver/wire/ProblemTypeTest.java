package io.gocacheserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

class ProblemTypeTest {

    @ParameterizedTest
    @CsvSource({
        "MISS, 404, miss",
        "BAD_REQUEST, 400, bad-request",
        "BAD_ID, 400, bad-id",
        "UNAUTHORIZED, 401, unauthorized",
        "FORBIDDEN, 403, forbidden",
        "NOT_FOUND, 404, not-found",
        "METHOD_NOT_ALLOWED, 405, method-not-allowed",
        "REQUEST_TIMEOUT, 408, request-timeout",
        "OBJECT_MISSING, 409, object-missing",
        "LENGTH_REQUIRED, 411, length-required",
        "TOO_LARGE, 413, too-large",
        "RANGE_NOT_SATISFIABLE, 416, range-not-satisfiable",
        "BODY_MISMATCH, 422, body-mismatch",
        "INTERNAL_ERROR, 500, internal-error",
        "DISK_ERROR, 500, disk-error",
        "S3_ERROR, 502, s3-error",
        "BUSY, 503, busy",
        "DISK_FULL, 507, disk-full"
    })
    void statusAndTypeAreStable(ProblemType type, int status, String slug) {
        assertThat(type.status()).isEqualTo(status);
        assertThat(type.type()).isEqualTo("urn:go-cache-server:problem:" + slug);
    }

    @ParameterizedTest
    @EnumSource
    void eachHasATitleForPeople(ProblemType type) {
        assertThat(type.title()).isNotBlank();
    }

    @Test
    void noTwoShareAType() {
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::type))
                .doesNotHaveDuplicates();
    }
}
