package io.gocacheserver.security;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestIssuer;
import io.gocacheserver.testsupport.TestValues;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** However many builds one client begins, there is a place for another one. */
class PrefetchSharesTest {

    @TempDir private Path directory;
    @AutoClose private TestIssuer issuer;
    @AutoClose private SecuredService service;

    @BeforeEach
    void start() throws IOException {
        issuer = new TestIssuer();
        service = new SecuredService(directory, issuer, "cache-server.prefetch.max-requests=4");
    }

    @Test
    void aClientsSlowStartsKeepNobodyElseFromStarting() throws Exception {
        List<RawHttp> held = new ArrayList<>();
        // One that comes while another is answered may itself find no place.
        await().until(
                        () -> {
                            held.add(held(SecuredService.READ));
                            return read(SecuredService.READ).statusCode() == 503;
                        });
        assertThat(read(SecuredService.READ).headers().firstValue("Retry-After")).isPresent();
        assertThat(read(SecuredService.WRITE).statusCode()).isEqualTo(404);
        for (RawHttp request : held) {
            request.reset();
        }
        await().until(() -> read(SecuredService.READ).statusCode() == 404);
    }

    private HttpResponse<String> read(String token) throws Exception {
        return service.post("/prefetch", token, "{\"build\":{}}");
    }

    /** A start whose body does not end. */
    private RawHttp held(String token) throws IOException {
        return new RawHttp(service.port())
                .sendHead(
                        "POST /prefetch",
                        "Authorization: Bearer " + token,
                        "Content-Type: application/json",
                        "Content-Length: 1000")
                .send(TestValues.bytes("{"));
    }
}
