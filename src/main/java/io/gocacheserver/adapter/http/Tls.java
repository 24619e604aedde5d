package io.gocacheserver.adapter.http;

import io.gocacheserver.adapter.http.target.TlsFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Wraps connections in TLS. Certificates are loaded for the first one; what is wrong with them fails each. */
final class Tls {

    private static final char[] NO_PASSWORD = new char[0];

    private final TlsFiles files;
    private @Nullable SSLSocketFactory factory;

    Tls(TlsFiles files) {
        this.files = files;
    }

    /** Does the handshake over {@code plain} with a host whose certificate must come; the timeout is for each byte of it. */
    SSLSocket wrap(Socket plain, String host, int port, int timeoutMillis) throws IOException {
        SSLSocket socket = (SSLSocket) factory().createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(timeoutMillis);
        try {
            socket.startHandshake();
            checkDates(socket);
            socket.setSoTimeout(0); // A watchdog sees to reads.
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "could not agree on TLS with " + host + " within " + timeoutMillis + " ms", e);
        } catch (IOException e) {
            throw failure(e, host);
        }
        return socket;
    }

    /** Java asks no dates of a certificate that is trusted by itself, not through a CA. Go does. */
    private static void checkDates(SSLSocket socket) throws IOException {
        if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
            try {
                certificate.checkValidity();
            } catch (CertificateException e) {
                socket.close();
                throw new SSLException(e.getMessage(), e);
            }
        }
    }

    private synchronized SSLSocketFactory factory() throws IOException {
        if (factory == null) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keyManagers(), trustManagers(), null);
                factory = context.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IOException("cannot set up TLS: " + e.getMessage(), e);
            }
        }
        return factory;
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
        String system = files.systemCas();
        String extra = files.extraCas();
        if (system == null && extra == null) {
            return null;
        }
        List<X509Certificate> trusted =
                new ArrayList<>(system == null ? ownAnchors() : Pem.read(system).certificates());
        if (extra != null) {
            trusted.addAll(Pem.read(extra).certificates());
        }
        KeyStore anchors = emptyStore();
        for (X509Certificate certificate : trusted) {
            anchors.setCertificateEntry("ca-" + anchors.size(), certificate);
        }
        return trusting(anchors).getTrustManagers();
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException, IOException {
        String certificate = files.clientCert();
        String key = files.clientKey();
        if (certificate == null || key == null) {
            return null;
        }
        Certificate[] chain = Pem.read(certificate).certificates().toArray(new Certificate[0]);
        KeyStore store = emptyStore();
        store.setKeyEntry("client", Pem.read(key).privateKey(), NO_PASSWORD, chain);
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, NO_PASSWORD);
        return managers.getKeyManagers();
    }

    private static List<X509Certificate> ownAnchors() throws GeneralSecurityException {
        for (TrustManager manager : trusting(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return List.of(x509.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    private static TrustManagerFactory trusting(@Nullable KeyStore anchors)
            throws GeneralSecurityException {
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(anchors);
        return managers;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** A failure of TLS, told in one line: what it means for a user, and what to do about it. */
    static IOException failure(IOException failure, String host) {
        return new IOException("TLS failed: " + describe(failure, host), failure);
    }

    private static String describe(IOException failure, String host) {
        String name = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "the certificate of %s has expired: renew it there, or correct the clock here"
                        .formatted(host);
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the certificate of " + host + " is not valid yet: is the clock here right?";
            }
            if (cause instanceof CertPathBuilderException) {
                return "the certificate of %s is of a CA that is not trusted here: name the CA's certificate with --ca-file"
                        .formatted(host);
            }
            if (cause instanceof CertificateException && name.isEmpty()) {
                name = String.valueOf(cause.getMessage());
            }
        }
        if (name.startsWith("No subject alt") || name.startsWith("No name")) {
            return "the certificate there is not for %s: use the name in --server that it is for (%s)"
                    .formatted(host, name);
        }
        String message = String.valueOf(failure.getMessage());
        if (message.contains("certificate_required") || message.contains("bad_certificate")) {
            return host + " wants another client certificate: see --client-cert (" + message + ')';
        }
        if (message.contains("SSL message")) {
            return host + " does not speak TLS at this port: is it http://? (" + message + ')';
        }
        return message;
    }
}
