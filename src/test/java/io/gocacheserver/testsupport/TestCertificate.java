package io.gocacheserver.testsupport;

import org.jspecify.annotations.Nullable;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** A key and its certificate, with a CA of its own, made by the JDK's keytool. */
public final class TestCertificate {

    private static final String ALIAS = "key";
    private static final String CA = "ca";
    private static final char[] PASSWORD = "password".toCharArray();
    private static final int HANDSHAKE_MILLIS = 5000;

    private final KeyStore store;
    private final Certificate ca;
    private final Path directory;
    private final String name;

    /**
     * @param directory where its files go
     * @param name of the files
     * @param options of keytool, as {@code -ext san=dns:localhost}
     */
    public TestCertificate(Path directory, String name, String... options)
            throws IOException, GeneralSecurityException, InterruptedException {
        this.directory = directory;
        this.name = name;
        Path file = directory.resolve(name + ".p12");
        keytool(file, List.of("-alias", CA, "-dname", "CN=CA of " + name, "-ext", "bc:critical"));
        List<String> key = new ArrayList<>(List.of("-alias", ALIAS, "-dname", "CN=" + name));
        key.addAll(List.of("-signer", CA));
        key.addAll(List.of(options));
        keytool(file, key);
        this.store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        this.ca = Objects.requireNonNull(store.getCertificate(CA));
        store.deleteEntry(CA);
    }

    private void keytool(Path store, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/keytool");
        command.addAll(List.of("-genkeypair", "-keyalg", "EC"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(options);
        Path log = directory.resolve(name + ".log");
        Process keytool =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(log));
        }
    }

    /** A PEM file of the CA's certificate. */
    public String caFile() throws IOException, GeneralSecurityException {
        return pem("CA", "CERTIFICATE", ca.getEncoded());
    }

    /** A PEM file of the certificate. */
    public String certificateFile() throws IOException, GeneralSecurityException {
        return pem("cert", "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
    }

    /** A PEM file of the private key, as PKCS #8. */
    public String keyFile() throws IOException, GeneralSecurityException {
        return pem("key", "PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
    }

    /** A socket on loopback that speaks TLS with this certificate. */
    public ServerSocket listen() throws IOException, GeneralSecurityException {
        return context(null)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** As {@link #listen()}, for clients that show that certificate. */
    public ServerSocket listenFor(TestCertificate client)
            throws IOException, GeneralSecurityException {
        SSLServerSocket socket =
                (SSLServerSocket)
                        context(client)
                                .getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        return socket;
    }

    /** Whether the server on this port of loopback shows the certificate now. */
    public boolean isShownBy(int port) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(HANDSHAKE_MILLIS);
            Certificate shown = socket.getSession().getPeerCertificates()[0];
            return shown.equals(store.getCertificate(ALIAS));
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

    private SSLContext context(@Nullable TestCertificate client)
            throws GeneralSecurityException, IOException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        TestCertificate anchor = client == null ? this : client;
        trusted.setCertificateEntry(ALIAS, anchor.ca);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private String pem(String file, String label, byte[] der) throws IOException {
        String text =
                "-----BEGIN "
                        + label
                        + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END "
                        + label
                        + "-----\n";
        return Files.writeString(directory.resolve(name + "." + file + ".pem"), text).toString();
    }
}
