package io.gocacheserver.security.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;

/**
 * Fetches an issuer's keys, from where its discovery document (OpenID Connect Discovery 1.0, section 4) or the settings
 * say. The caller caches keys, and asks for them no more often than {@link Issuer#KEYS_INTERVAL} allows.
 */
public final class IssuerKeys implements JWKSetSource<SecurityContext> {

    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int OK = 200;

    private final Issuer.Settings settings;
    private final HttpClient client;
    private volatile boolean fetched;

    public IssuerKeys(Issuer.Settings settings, HttpClient client) {
        this.settings = settings;
        this.client = client;
    }

    boolean areKnown() {
        return fetched;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long time, SecurityContext context)
            throws KeySourceException {
        try {
            JWKSet keys = JWKSet.parse(fetch(keysUri()));
            fetched = true;
            return keys;
        } catch (IOException | ParseException | JacksonException | IllegalArgumentException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private JWKSetUnavailableException failed(Exception e) {
        String message = "keys of issuer %s: %s".formatted(settings.uri(), e);
        log.warn("{}; its tokens are refused until it answers", message);
        return new JWKSetUnavailableException(message, e);
    }

    private String keysUri() throws IOException, InterruptedException {
        String set = settings.jwksUri();
        if (set != null && !set.isBlank()) {
            return set;
        }
        String issuer = settings.uri();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        String address = base + "/.well-known/openid-configuration";
        JsonNode document = JsonMapper.shared().readTree(fetch(address));
        if (!issuer.equals(document.path("issuer").asString(""))) {
            throw new IOException(
                    "%s says that it is of another issuer: %s"
                            .formatted(address, document.path("issuer")));
        }
        String uri = document.path("jwks_uri").asString("");
        if (uri.isEmpty()) {
            throw new IOException(address + " has no jwks_uri");
        }
        return uri;
    }

    private String fetch(String uri) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(TIMEOUT)
                        .header("Accept", "application/json");
        String tokenFile = settings.keysTokenFile();
        if (tokenFile != null && !tokenFile.isBlank()) {
            String token = Files.readString(Path.of(tokenFile)).strip();
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response =
                client.send(
                        request.build(),
                        BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES));
        if (response.statusCode() != OK) {
            throw new IOException("%s answered %d".formatted(uri, response.statusCode()));
        }
        return response.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
