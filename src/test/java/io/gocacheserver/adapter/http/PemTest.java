package io.gocacheserver.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;

class PemTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsPrivateKeys(String algorithm) throws IOException, GeneralSecurityException {
        PrivateKey key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        String pem =
                "A comment\n-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";

        assertThat(Pem.read(file(pem)).privateKey()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-----BEGIN RSA PRIVATE KEY----- | not PKCS #8: convert it with openssl pkcs8 -topk8",
                "-----BEGIN EC PRIVATE KEY----- | not PKCS #8: convert it with openssl pkcs8 -topk8",
                "-----BEGIN ENCRYPTED PRIVATE KEY----- | with a password: convert it with openssl",
                "-----BEGIN RSA PRIVATE KEY-----Proc-Type: 4,ENCRYPTED | with a password",
                "-----BEGIN CERTIFICATE----- | no private key in PEM",
                "-----BEGIN PRIVATE KEY-----AAAA | it has no end",
                "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | neither RSA, EC nor",
            })
    void saysWhatIsWrongWithAKey(String pem, String message) throws IOException {
        String file = file(pem);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Pem.read(file).privateKey())
                .withMessageStartingWith(file)
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | no certificate in PEM",
                "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE----- | broken certificate"
            })
    void saysWhatIsWrongWithACertificate(String pem, String message) throws IOException {
        String file = file(pem);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Pem.read(file).certificates())
                .withMessageContaining(message);
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Pem.read("/no/such/file"))
                .withMessageContaining("/no/such/file");
    }

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("file.pem"), text).toString();
    }
}
