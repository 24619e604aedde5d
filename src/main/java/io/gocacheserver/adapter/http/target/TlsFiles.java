package io.gocacheserver.adapter.http.target;

import org.jspecify.annotations.Nullable;

/**
 * Files in PEM that TLS goes by, each of them or null. They are read when the first connection with TLS is made.
 *
 * @param systemCas certificates to trust instead of Java's own ({@code SSL_CERT_FILE})
 * @param clientCert client certificate with its chain; {@code clientKey} is its private key, PKCS #8
 */
public record TlsFiles(
        @Nullable String systemCas,
        @Nullable String extraCas,
        @Nullable String clientCert,
        @Nullable String clientKey) {

    public static final TlsFiles NONE = new TlsFiles(null, null, null, null);
}
