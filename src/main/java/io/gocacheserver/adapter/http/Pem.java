package io.gocacheserver.adapter.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Reads certificates and private keys from files in PEM (RFC 7468). Messages name the file and what to do. */
final class Pem {

    private static final String[] KEY_ALGORITHMS = {"RSA", "EC", "Ed25519", "Ed448", "RSASSA-PSS"};

    private final String file;
    private final String text;

    private Pem(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static Pem read(String file) throws IOException {
        try {
            // Text between the blocks may be in any encoding.
            return new Pem(file, Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getClass().getSimpleName(), e);
        }
    }

    /** All certificates, in their order; at least one. */
    List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] block : blocks("CERTIFICATE")) {
                ByteArrayInputStream in = new ByteArrayInputStream(block);
                certificates.add((X509Certificate) factory.generateCertificate(in));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException(file + " has a broken certificate: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(
                    file + " has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    PrivateKey privateKey() throws IOException {
        List<byte[]> blocks;
        try {
            blocks = blocks("PRIVATE KEY");
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has a broken private key: " + e.getMessage(), e);
        }
        if (blocks.isEmpty()) {
            throw new IOException(withoutKey());
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(blocks.getFirst());
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // It is of another algorithm.
            } catch (GeneralSecurityException e) {
                throw new IOException("this Java has no keys of type " + algorithm, e);
            }
        }
        throw new IOException(file + " has a private key that is neither RSA, EC nor Ed25519");
    }

    private String withoutKey() {
        String convert =
                ": convert it with openssl pkcs8 -topk8 -nocrypt -in " + file + " -out NEW";
        if (text.contains("-----BEGIN ENCRYPTED PRIVATE KEY") || text.contains(",ENCRYPTED")) {
            return file + " has a private key with a password" + convert;
        }
        if (text.contains("-----BEGIN RSA PRIVATE KEY") || text.contains("-----BEGIN EC PRIVATE")) {
            return file + " has a private key that is not PKCS #8" + convert;
        }
        return file + " has no private key in PEM (-----BEGIN PRIVATE KEY-----)";
    }

    private List<byte[]> blocks(String label) {
        List<byte[]> blocks = new ArrayList<>();
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = text.indexOf(begin);
        while (from >= 0) {
            int start = from + begin.length();
            int stop = text.indexOf(end, start);
            if (stop < 0) {
                throw new IllegalArgumentException("it has no end");
            }
            blocks.add(Base64.getMimeDecoder().decode(text.substring(start, stop)));
            from = text.indexOf(begin, stop);
        }
        return blocks;
    }
}
