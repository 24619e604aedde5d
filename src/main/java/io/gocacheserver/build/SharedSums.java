package io.gocacheserver.build;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.RemoteDocuments;
import io.gocacheserver.cache.tier.RemoteDocuments.Read;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.web.ProblemException;

import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Adds up replicas that share a bucket. One document there has the daily sums of each, an object of replica → rows of the table
 * {@code day}, the latest first. Every few minutes, and at the end if it has counted since, a replica puts its own rows in and takes
 * those of the others, also of replicas that are gone. Nothing waits for that, and without S3 the sums are those that were read last.
 */
final class SharedSums implements AutoCloseable {

    static final String NAME =
            HexFormat.of()
                    .formatHex(
                            Digests.sha256().digest("builds/1".getBytes(StandardCharsets.UTF_8)));

    private static final int MAX_BYTES = 16 << 20;
    private static final int MOST_REPLICAS = 50;
    private static final int MOST_ROWS = 1_000;
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final BuildDatabase database;
    private final RemoteDocuments remote;
    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(SharedSums.class), System::nanoTime);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("sums of replicas").factory());
    private volatile String sent = "[]";
    private volatile boolean failed;

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
    SharedSums(BuildDatabase database, RemoteDocuments remote) {
        this.database = database;
        this.remote = remote;
        timer.scheduleWithFixedDelay(
                this::tryExchange, FIRST.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    private void tryExchange() {
        try {
            failed = true;
            exchange();
            failed = false;
        } catch (TierException | RuntimeException e) {
            log.warn("[builds] no sums of other replicas: " + e.getMessage());
        }
    }

    void exchange() throws TierException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Read read = remote.read(NAME, null, MAX_BYTES);
            Read.Found found = read instanceof Read.Found it ? it : null;
            ObjectNode all = parsed(found == null ? new byte[0] : found.document());
            JsonNode known = all.remove(database.replica());
            takeOthers(all);
            String own = own();
            if (own.equals(known == null ? "[]" : known.toString())
                    || remote.write(
                                    NAME,
                                    together(own, all),
                                    found == null ? null : found.version())
                            != null) {
                sent = own;
                return;
            }
        }
    }

    /** A document that is broken is replaced. */
    private static ObjectNode parsed(byte[] json) {
        try {
            if (JsonMapper.shared().readTree(json) instanceof ObjectNode all) {
                return all;
            }
        } catch (JacksonException e) {
            // as if there were none
        }
        return JsonMapper.shared().createObjectNode();
    }

    private String own() {
        String rows =
                """
                SELECT json_group_array(json_array(date, module, namespace, builds, gets, hits, failures,
                wait_millis, saved_millis, bytes_fetched, bytes_uploaded)) FROM
                (SELECT * FROM day WHERE replica = '' ORDER BY date DESC, module, namespace LIMIT ?)
                """;
        return database.transact(
                sql -> sql.sql(rows).param(MOST_ROWS).query(String.class).single());
    }

    private void takeOthers(ObjectNode others) {
        String insert =
                """
                INSERT INTO day SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
                value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, ?
                FROM json_each(?)
                """;
        others.forEachEntry(
                (replica, rows) -> {
                    try {
                        database.transact(
                                sql -> {
                                    sql.sql("DELETE FROM day WHERE replica = ?")
                                            .param(replica)
                                            .update();
                                    return sql.sql(insert)
                                            .params(replica, rows.toString())
                                            .update();
                                });
                    } catch (ProblemException e) {
                        log.warn("[builds] sums of replica " + replica + ": " + e.getMessage());
                    }
                });
    }

    /** This replica, and the others that counted last. */
    private byte[] together(String own, ObjectNode others) {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        all.set(database.replica(), JsonMapper.shared().readTree(own));
        Comparator<Map.Entry<String, JsonNode>> byLastDay =
                Comparator.comparing(other -> other.getValue().at("/0/0").asString(""));
        others.properties().stream()
                .sorted(byLastDay.reversed())
                .limit(MOST_REPLICAS)
                .forEach(other -> all.set(other.getKey(), other.getValue()));
        return JsonMapper.shared().writeValueAsBytes(all);
    }

    @Override
    public void close() {
        if (!failed && !own().equals(sent)) {
            timer.execute(this::tryExchange);
        }
        timer.shutdown();
        try {
            if (!timer.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
