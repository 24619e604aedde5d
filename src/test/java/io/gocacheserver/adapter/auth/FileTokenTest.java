package io.gocacheserver.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.auth.Credential.Token;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class FileTokenTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @TempDir Path directory;
    private final AtomicLong now = new AtomicLong();

    @Test
    void isWhatTheFileHoldsWithoutItsLineBreak() throws IOException {
        assertThat(over(file("first\n")).token(LIMIT)).isEqualTo(new Token("first"));
    }

    @Test
    void isReadAgainWhenTheFileWasReplaced() throws IOException {
        Path file = file("first");
        FileToken source = over(file);
        assertThat(source.token(LIMIT)).isEqualTo(new Token("first"));
        replace(file, "other");
        assertThat(source.token(LIMIT)).isEqualTo(new Token("first"));
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(source.token(LIMIT)).isEqualTo(new Token("other"));
    }

    @Test
    void isReadAgainAtOnceWhenTheServiceRefusedIt() throws IOException {
        Path file = file("first");
        Credentials credentials = over(file);
        String refused = credentials.header(LIMIT);
        assertThat(refused).isEqualTo("Bearer first");
        assertThat(credentials.renew(refused, LIMIT)).isFalse();
        replace(file, "other");
        assertThat(credentials.renew(refused, LIMIT)).isTrue();
        assertThat(credentials.header(LIMIT)).isEqualTo("Bearer other");
    }

    @Test
    void staysWhileTheFileIsAway() throws IOException {
        Path file = file("first");
        FileToken source = over(file);
        source.token(LIMIT);
        Files.delete(file);
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(source.token(LIMIT)).isEqualTo(new Token("first"));
        assertThat(source.problem()).isNull();
    }

    @Test
    void isNoneAndSaysWhyIfThereIsNoFile() {
        FileToken source = over(directory.resolve("absent"));
        assertThat(source.token(LIMIT)).isNull();
        assertThat(source.problem()).contains("absent").contains("does not exist");
    }

    @Test
    void isNoneAndDoesNotTellItIfItCannotGoIntoAHeader() throws IOException {
        FileToken source = over(file("two words"));
        assertThat(source.token(LIMIT)).isNull();
        assertThat(source.problem()).contains("no blanks").doesNotContain("two");
    }

    private FileToken over(Path file) {
        return new FileToken(file.toString(), now::get);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("token"), text);
    }

    private void replace(Path file, String text) throws IOException {
        Path draft = Files.writeString(directory.resolve("draft"), text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
