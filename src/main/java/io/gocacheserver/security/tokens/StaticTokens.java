package io.gocacheserver.security.tokens;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.security.tokens.TokenSettings.Secret;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The static tokens: only their hashes are kept. Those in files are read again by {@link #refresh}, which changes all at
 * once, so that a request sees the tokens of before or of after.
 *
 * <p>A file that cannot be read, or is empty, may be in the middle of a change: its old tokens stay valid until two reads in a
 * row have failed.
 */
public final class StaticTokens implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StaticTokens.class);
    private static final int MIN_LENGTH = 16;
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final String HASHED = "sha256:";
    private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-fA-F]{64}");

    private static final class Source {
        private final Client client;
        private final @Nullable Path file;
        private Set<ByteBuffer> hashes;
        private int failures;

        Source(Client client, @Nullable Path file, Set<ByteBuffer> hashes) {
            this.client = client;
            this.file = file;
            this.hashes = hashes;
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("token-files").factory());
    private volatile Map<ByteBuffer, Client> clients;

    public StaticTokens(List<TokenSettings> settings, LimitSettings limits) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < settings.size(); i++) {
            TokenSettings token = settings.get(i);
            String setting = "cache-server.auth.tokens[%d] (%s)".formatted(i, token.name());
            if (!names.add(token.name())) {
                throw new InvalidAuthException(setting + ": another token has this name");
            }
            sources.add(source(token, limits, setting));
        }
        clients = byHash();
    }

    public @Nullable Client find(String token) {
        return clients.get(hash(token));
    }

    public int count() {
        return sources.size();
    }

    /** Reads the files again once a second, without looking at times, which a Kubernetes secret's mount keeps. */
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    public void watch() {
        if (sources.stream().anyMatch(source -> source.file != null)) {
            timer.scheduleWithFixedDelay(this::refresh, 1, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    void refresh() {
        boolean changed = false;
        for (Source source : sources) {
            if (source.file != null) {
                changed |= refresh(source, source.file);
            }
        }
        if (changed) {
            try {
                clients = byHash();
            } catch (InvalidAuthException e) {
                log.error("{}; the tokens stay as they were", e.getMessage());
            }
        }
    }

    private static boolean refresh(Source source, Path file) {
        Set<ByteBuffer> read;
        try {
            read = hashes(read(file), "token " + source.client.name() + ", file " + file);
            source.failures = 0;
        } catch (IOException | InvalidAuthException e) {
            source.failures++;
            if (source.failures != 2) {
                return false;
            }
            log.error(
                    "token {}: {} cannot be read, and its tokens are no longer valid: {}",
                    source.client.name(),
                    file,
                    reason(e));
            read = Set.of();
        }
        if (read.equals(source.hashes)) {
            return false;
        }
        source.hashes = read;
        log.info(
                "token {}: {} has changed, and has {} now",
                source.client.name(),
                file,
                read.size() == 1 ? "1 secret" : read.size() + " secrets");
        return true;
    }

    private Map<ByteBuffer, Client> byHash() {
        Map<ByteBuffer, Client> map = new HashMap<>();
        for (Source source : sources) {
            for (ByteBuffer hash : source.hashes) {
                Client other = map.put(hash, source.client);
                if (other != null) {
                    throw new InvalidAuthException(
                            "cache-server.auth.tokens: %s and %s have the same secret"
                                    .formatted(other.name(), source.client.name()));
                }
            }
        }
        return Map.copyOf(map);
    }

    private static Source source(TokenSettings token, LimitSettings limits, String setting) {
        Client client = client(token, limits, setting);
        String file = token.secretFile();
        Secret secret = token.secret();
        if ((secret == null) == (file == null || file.isBlank())) {
            throw new InvalidAuthException(setting + " needs either secret or secret-file");
        }
        if (secret != null) {
            return new Source(client, null, hashes(secret.text(), setting + ".secret"));
        }
        Path path = Path.of(String.valueOf(file));
        try {
            return new Source(client, path, hashes(read(path), setting + ", file " + path));
        } catch (IOException e) {
            throw new InvalidAuthException("%s.secret-file: %s".formatted(setting, reason(e)));
        }
    }

    private static Client client(TokenSettings token, LimitSettings limits, String setting) {
        Provenance by = new Provenance(token.name(), null, null, null, null, null, null);
        return new Client(
                token.name(),
                "token " + token.name(),
                token.access().permissions(),
                Client.access(
                        NamespacePattern.fixed(token.namespace(), setting + ".namespace"),
                        NamespacePattern.fixed(token.reads(), setting + ".reads"),
                        token.access(),
                        by),
                token.limits().or(limits),
                null);
    }

    private static Set<ByteBuffer> hashes(String text, String where) {
        Set<ByteBuffer> hashes = new HashSet<>();
        for (String secret : text.strip().split("\\s+")) {
            if (secret.startsWith(HASHED)) {
                if (!SHA256.matcher(secret).matches()) {
                    throw new InvalidAuthException(
                            where + ": after sha256: there are 64 hex characters");
                }
                byte[] hash = HexFormat.of().parseHex(secret, HASHED.length(), secret.length());
                hashes.add(ByteBuffer.wrap(hash));
            } else if (secret.length() < MIN_LENGTH) {
                throw new InvalidAuthException(
                        "%s: a secret has at least %d characters, not %d; openssl rand -hex 32 makes a good one"
                                .formatted(where, MIN_LENGTH, secret.length()));
            } else {
                hashes.add(hash(secret));
            }
        }
        return Set.copyOf(hashes);
    }

    /** Tokens are long and random, so no slow hash is needed. */
    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Digests.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("%s is larger than %d bytes".formatted(file, MAX_FILE_BYTES));
        }
        return Files.readString(file);
    }

    private static String reason(Exception e) {
        return e instanceof InvalidAuthException ? String.valueOf(e.getMessage()) : e.toString();
    }
}
