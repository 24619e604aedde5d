package io.gocacheserver.adapter;

import io.gocacheserver.adapter.Doctor.Findings;
import io.gocacheserver.adapter.auth.Credential;
import io.gocacheserver.adapter.auth.Credentials;
import io.gocacheserver.adapter.cli.Options;
import io.gocacheserver.adapter.http.Headers;
import io.gocacheserver.adapter.http.HttpClient;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.RequestBody;
import io.gocacheserver.adapter.remote.Mode;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;

/**
 * Whether the service is there, is one of ours, how far away it is, what the token allows, and whether the clocks agree.
 * It stores nothing: it asks for an action that nobody has, and whether it may put one asks by the second step of a
 * two-step Put whose object does not exist.
 */
record ServiceCheck(Options options, Findings findings, String version) implements Runnable {

    private static final int MISS = ProblemType.MISS.status();
    private static final int CONFLICT = ProblemType.OBJECT_MISSING.status();
    private static final int UNAUTHORIZED = ProblemType.UNAUTHORIZED.status();
    private static final int FORBIDDEN = ProblemType.FORBIDDEN.status();

    private static final int PROBES = 5;
    private static final int PROBLEM_BYTES = 4096;
    private static final long CLOCK_TOLERANCE_SECONDS = 60;
    private static final long FAR_NANOS = 20_000_000;

    @Override
    public void run() {
        String name = "service " + options.server();
        try (HttpClient client = Backend.client(options, credentials(), 1)) {
            long begin = System.nanoTime();
            try (HttpResponse response = client.send(get())) {
                long first = System.nanoTime() - begin;
                if (!isUsable(name, response)) {
                    return;
                }
                compareClocks(String.valueOf(response.header("Date")));
                findings.ok(name + " answers; first answer after " + millis(first));
            }
            measure(client);
            if (options.mode() != Mode.READ_ONLY) {
                askWhetherPutsAreAllowed(client);
            }
        } catch (IOException | RuntimeException e) {
            findings.problem(
                    "%s is not reachable: %s. Is it running, is the URL right, is there a proxy or firewall?"
                            .formatted(name, e.getMessage()));
        }
    }

    private boolean isUsable(String name, HttpResponse response) throws IOException {
        int status = response.status();
        String type = String.valueOf(response.header("Content-Type"));
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            String what =
                    options.credential() == null
                            ? ": set CACHESERVER_TOKEN or CACHESERVER_TOKENFILE"
                            : ": the token is wrong, expired or not for this";
            findings.problem(name + " refuses gets with " + status + what);
            return false;
        }
        if (status != MISS) {
            findings.problem(
                    name + " answered " + status + " to a get that must miss: check the URL");
            return false;
        }
        boolean isProblem = type.startsWith("application/problem+json");
        if (type.startsWith("text/html")
                || (isProblem
                        && !response.start(PROBLEM_BYTES).contains(ProblemType.MISS.type()))) {
            String path = options.server().path();
            findings.problem(
                    "%s has no cache there: check the URL's path, which is %s"
                            .formatted(name, path.isEmpty() ? "empty" : path));
            return false;
        }
        if (!isProblem) {
            findings.warning(
                    name + " is no go-cache-server, though it answers like a Go build cache");
        }
        return true;
    }

    private void compareClocks(String date) {
        try {
            Instant theirs =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            long behind = Duration.between(theirs, Instant.now()).toSeconds();
            if (Math.abs(behind) > CLOCK_TOLERANCE_SECONDS) {
                findings.warning(
                        "the service's clock is %d s %s this machine's: certificates and tokens may be refused; set the clock by NTP"
                                .formatted(Math.abs(behind), behind > 0 ? "behind" : "ahead of"));
            } else {
                findings.ok("the clocks agree");
            }
        } catch (DateTimeParseException e) {
            findings.warning(
                    "the service does not say what time it is: its Date header is " + date);
        }
    }

    private void measure(HttpClient client) throws IOException {
        long[] nanos = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            long begin = System.nanoTime();
            client.send(get()).close();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        long median = nanos[PROBES / 2];
        findings.ok("round trip " + millis(median) + (median > FAR_NANOS ? ": rather far" : ""));
    }

    private void askWhetherPutsAreAllowed(HttpClient client) throws IOException {
        Headers headers = headers().add(WireHeaders.OUTPUT_ID, OutputId.of(randomId()).hex());
        String path = WirePaths.action(ActionId.of(randomId()));
        try (HttpResponse response =
                client.send(HttpRequest.put(path, headers, RequestBody.of(new byte[0])))) {
            int status = response.status();
            if (status == CONFLICT) {
                findings.ok("puts are allowed");
            } else if (status == UNAUTHORIZED || status == FORBIDDEN) {
                findings.warning(
                        "puts are refused with %d: what this machine builds helps nobody else. If that is meant, set --mode read-only; else use a token that may write"
                                .formatted(status));
            } else {
                findings.warning("whether puts are allowed cannot be told: answer " + status);
            }
        }
    }

    private HttpRequest get() {
        Headers headers =
                headers()
                        .add("Accept-Encoding", "identity")
                        .add(WireHeaders.WANT_OBJECT, WireHeaders.WANT_OBJECT_YES);
        return HttpRequest.get(WirePaths.action(ActionId.of(randomId())), headers);
    }

    private Headers headers() {
        return new Headers().add("User-Agent", "go-cache-adapter/" + version);
    }

    private @Nullable Credentials credentials() {
        Credentials credentials = Backend.credentials(options);
        if (credentials == null) {
            return null;
        }
        if (credentials.header(options.network().timeouts().request()) == null) {
            findings.problem(String.valueOf(credentials.problem()));
        } else if (options.credential() instanceof Credential.GitHub(_, _, _, String audience, _)) {
            findings.ok("GitHub issued a token for the audience " + audience);
        }
        return credentials;
    }

    private static byte[] randomId() {
        byte[] id = new byte[32];
        new SecureRandom().nextBytes(id);
        return id;
    }

    private static String millis(long nanos) {
        long tenths = nanos / 100_000;
        return tenths / 10 + "." + tenths % 10 + " ms";
    }
}
