package io.gocacheserver.security.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.security.tokens.TokenSettings.Level;
import io.gocacheserver.security.tokens.TokenSettings.Secret;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class StaticTokensTest {

    private static final String OLD = "old-0123456789abcdef";
    private static final String NEW = "new-0123456789abcdef";

    @TempDir private Path directory;

    @Test
    void aHashDoesForASecret() {
        // printf %s hashed-0123456789abcdef | sha256sum
        StaticTokens tokens =
                tokens(
                        token(
                                "hashed",
                                "sha256:49a6a064319e962b792be1789582749c97e54e74ee707cf2918d98dc6038c338",
                                null),
                        token("plain", OLD + "\n" + NEW, null));
        assertThat(tokens.find(OLD)).extracting(Client::name).isEqualTo("plain");
        assertThat(tokens.find(NEW)).extracting(Client::name).isEqualTo("plain");
        assertThat(tokens.find("hashed-0123456789abcdef"))
                .extracting(Client::name)
                .isEqualTo("hashed");
        assertThat(tokens.find("old-0123456789abcdeF")).isNull();
    }

    @Test
    void aFileTakesOneSecretsPlaceWithAnotherWithoutAGap() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), OLD + "\n");
        StaticTokens tokens = tokens(token("ci", null, file));
        assertThat(isKnown(tokens, OLD)).isTrue();

        Files.writeString(file, NEW + "\n" + OLD + "\n");
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isTrue();
        assertThat(isKnown(tokens, NEW)).isTrue();

        Files.writeString(file, NEW);
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isFalse();
        assertThat(isKnown(tokens, NEW)).isTrue();
    }

    @Test
    void aFileThatIsBeingWrittenIsAskedOnceMore() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), OLD);
        StaticTokens tokens = tokens(token("ci", null, file));

        Files.writeString(file, "");
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isTrue();

        Files.writeString(file, NEW);
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isFalse();
        assertThat(isKnown(tokens, NEW)).isTrue();
    }

    @Test
    void aFileThatIsGoneTakesItsTokensAlong() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), OLD);
        StaticTokens tokens = tokens(token("ci", null, file));

        Files.delete(file);
        tokens.refresh();
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isFalse();

        Files.writeString(file, OLD);
        tokens.refresh();
        assertThat(isKnown(tokens, OLD)).isTrue();
    }

    @Test
    void whatCannotBeMeantIsSaidWithoutTheSecret() {
        assertInvalid("at least 16 characters", token("short", "secret", null));
        assertInvalid("needs either secret or secret-file", token("none", null, null));
        assertInvalid("64 hex characters", token("hash", "sha256:abc", null));
        assertInvalid("no-such-file", token("file", null, directory.resolve("no-such-file")));
        assertInvalid("another token has this name", token("a", OLD, null), token("a", NEW, null));
        assertInvalid("a and b have the same secret", token("a", OLD, null), token("b", OLD, null));
    }

    private static void assertInvalid(String message, TokenSettings... settings) {
        assertThatThrownBy(() -> tokens(settings))
                .isInstanceOf(InvalidAuthException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(OLD);
    }

    private static boolean isKnown(StaticTokens tokens, String secret) {
        return tokens.find(secret) != null;
    }

    private static StaticTokens tokens(TokenSettings... settings) {
        return new StaticTokens(List.of(settings), LimitSettings.NONE);
    }

    private static TokenSettings token(String name, @Nullable String secret, @Nullable Path file) {
        return new TokenSettings(
                name,
                secret == null ? null : new Secret(secret),
                file == null ? null : file.toString(),
                Level.READ,
                "global",
                List.of(),
                LimitSettings.NONE);
    }
}
