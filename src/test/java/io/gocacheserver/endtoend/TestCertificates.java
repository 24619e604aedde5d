package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Certificates that sign themselves, made by the JDK's keytool. */
public final class TestCertificates {

    private static final String PASSWORD = "changeit";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path directory;

    public TestCertificates(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes one, with its certificate in PEM at {@link #pem}.
     *
     * @param host a name in DNS
     * @param start as keytool's {@code -startdate}, like {@code -10d}; it holds for a day from then
     */
    public void make(String alias, String host, String start) {
        keytool(
                "-genkeypair -alias "
                        + alias
                        + " -keyalg EC -dname CN=test -ext SAN=dns:"
                        + host
                        + " -startdate "
                        + start
                        + " -validity 1 -storetype PKCS12");
        keytool("-exportcert -rfc -alias " + alias + " -file " + pem(alias));
    }

    public Path pem(String alias) {
        return directory.resolve(alias + ".pem");
    }

    /** Its private key in PEM, as PKCS #8. */
    public Path privateKey(String alias) throws IOException, GeneralSecurityException {
        KeyStore store = load();
        byte[] key = store.getKey(alias, PASSWORD.toCharArray()).getEncoded();
        String pem =
                "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                        .formatted(Base64.getMimeEncoder().encodeToString(key));
        return Files.writeString(directory.resolve(alias + ".key"), pem);
    }

    /** Whether the server on this port of loopback shows the certificate now. */
    public boolean isShownBy(int port, String alias) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            Certificate shown = socket.getSession().getPeerCertificates()[0];
            return shown.equals(load().getCertificate(alias));
        } catch (IOException e) {
            return false;
        }
    }

    /** Only looks. */
    private static final class TrustAll implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** A server socket on the loopback interface that shows the certificate. */
    public ServerSocket serverSocket() throws IOException, GeneralSecurityException {
        KeyStore store = load();
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private Path store() {
        return directory.resolve("server.p12");
    }

    private void keytool(String arguments) {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String command =
                keytool + " " + arguments + " -keystore " + store() + " -storepass " + PASSWORD;
        try (ChildProcess process =
                ChildProcess.start(directory, Map.of(), List.of(command.split(" ")))) {
            assertThat(process.awaitExit(LIMIT)).as(process.stdout()).isZero();
        }
    }
}
