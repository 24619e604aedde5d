package io.gocacheserver.security;

import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.web.ProblemException;
import io.gocacheserver.web.RequestBody;
import io.gocacheserver.web.RequestMemory;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.Map;

/**
 * {@code POST /auth/exchange-token}: {@code {"jwt": …}} for {@code {"access_token": …, "token_type": "Bearer",
 * "expires_in": seconds}}, as gocached has it, for clients whose issuer's token lives shorter than their build.
 */
@RestController
class ExchangeController {

    static final String PATH = "/auth/exchange-token";

    private static final int MAX_BYTES = 64 * 1024;

    /** Most memory of JSON and what is parsed of it, as a multiple of its length. */
    private static final int PARSED = 17;

    private final @Nullable Authenticator authenticator;
    private final RequestMemory memory;

    ExchangeController(ObjectProvider<Authenticator> authenticator, RequestMemory memory) {
        this.memory = memory;
        this.authenticator = authenticator.getIfAvailable();
    }

    @PostMapping(PATH)
    ResponseEntity<Map<String, Object>> exchange(HttpServletRequest request) throws IOException {
        if (authenticator == null) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND, "this service needs no token (cache-server.auth)");
        }
        try {
            String token = authenticator.exchange(jwt(request));
            Map<String, Object> answer =
                    Map.of(
                            "access_token",
                            token,
                            "token_type",
                            "Bearer",
                            "expires_in",
                            authenticator.sessionLifetime().toSeconds());
            return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer);
        } catch (RefusedException e) {
            throw new ProblemException(e.reason().type(), String.valueOf(e.getMessage()));
        }
    }

    private String jwt(HttpServletRequest request) throws IOException {
        try (RequestBody body =
                RequestBody.readJson(request, memory, MAX_BYTES, bytes -> PARSED * bytes)) {
            String jwt = JsonMapper.shared().readTree(body.bytes()).path("jwt").asString("");
            if (!jwt.isEmpty()) {
                return jwt;
            }
        } catch (JacksonException e) {
            // said below; the exception's text would have the token in it
        }
        throw new ProblemException(
                ProblemType.BAD_REQUEST, "the body must be {\"jwt\": \"<token>\"}");
    }
}
