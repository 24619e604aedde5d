package io.gocacheserver;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The white list of the architecture: each package, what it may use of the others and of libraries besides the JDK, and
 * what it is. {@link ArchitectureTest} holds the code and the tables of CONTRIBUTING.md to it.
 */
final class Packages {

    /** What the names of libraries in the list stand for. */
    private static final Map<String, List<String>> LIBRARIES =
            Map.ofEntries(
                    Map.entry("aws", List.of("software.amazon..", "io.awspring..")),
                    Map.entry("caffeine", List.of("com.github.benmanes..")),
                    Map.entry(
                            "http",
                            List.of(
                                    "jakarta.servlet..",
                                    "org.springframework.http..",
                                    "org.springframework.web..")),
                    Map.entry("jackson", List.of("tools.jackson..", "com.fasterxml.jackson..")),
                    Map.entry(
                            "jdbc",
                            List.of(
                                    "org.springframework.dao..",
                                    "org.springframework.jdbc..",
                                    "org.springframework.transaction..")),
                    Map.entry("log", List.of("org.slf4j..")),
                    Map.entry("metrics", List.of("io.micrometer.core..")),
                    Map.entry(
                            "spring",
                            List.of(
                                    "org.springframework.beans..",
                                    "org.springframework.boot..",
                                    "org.springframework.context..",
                                    "org.springframework.core..",
                                    "org.springframework.scheduling..",
                                    "org.springframework.stereotype..",
                                    "org.springframework.util..",
                                    "org.springframework.validation..",
                                    "org.hibernate.validator..",
                                    "jakarta.validation..")),
                    Map.entry("sqlite", List.of("java.sql..", "org.sqlite..")),
                    Map.entry(
                            "tokens", List.of("com.nimbusds..", "org.springframework.security..")),
                    Map.entry(
                            "tomcat",
                            List.of(
                                    "org.apache.catalina..",
                                    "org.apache.coyote..",
                                    "org.apache.juli..",
                                    "org.apache.tomcat..")),
                    Map.entry(
                            "tracing",
                            List.of(
                                    "io.micrometer.common..",
                                    "io.micrometer.observation..",
                                    "io.micrometer.tracing..",
                                    "io.opentelemetry..")),
                    Map.entry("zstd", List.of("com.github.luben..")));

    /** The JDK without its parts that are libraries of their own here. */
    private static final List<String> JDK =
            List.of(
                    "java.io..",
                    "java.lang..",
                    "java.math..",
                    "java.net..",
                    "java.nio..",
                    "java.security..",
                    "java.text..",
                    "java.time..",
                    "java.util..",
                    "javax..",
                    "jdk..",
                    "org.jspecify..");

    private static final String LIST =
            """
            model | | | small validated values: action IDs, output IDs, entries, namespaces, sizes
            wire | model | | the HTTP contract, shared by service and adapter: paths, headers, frames
            cache.tier | model | log, zstd | what a tier is: contracts, contents, failures
            cache.filter | cache.tier, model | log, spring | filters of the actions that the cache has, filled in the background
            cache | cache.filter, cache.tier, model | log, spring, zstd | the semantics, over any tiers: start reading at `TieredCache`; metrics before tiers, quotas, purges
            disk.index | cache.tier, model | caffeine, log, sqlite | the index: SQLite, and its most used rows in memory
            disk.blobs | disk.index, cache.tier, model | log, sqlite, zstd | the files: how they are received, where they lie, whether they are right
            disk.upkeep | disk.blobs, disk.index, cache.tier, model | log, sqlite, zstd | space, eviction, background checks, recovery
            disk | disk.blobs, disk.index, disk.upkeep, cache.tier, model | log, spring, sqlite | the disk tier, from opening to closing: start at `DiskTier` and `OpenStore`
            s3.uploads | cache, cache.tier, model | log, spring | the upload queue: in-flight uploads, retries, outages, drain
            s3 | s3.uploads, cache, cache.tier, model | aws, log, spring | the S3 tier: keys, records, requests
            module | web, web.content, cache, cache.tier, model, wire | http, jackson, log, metrics, spring | Go modules: the GOPROXY protocol, upstreams, checks: start reading at `ModuleProxy`
            profile | cache, cache.tier, model, wire | caffeine, log, spring | build profiles: what builds of one kind used
            web.content | cache.tier, model, wire | http, log, tomcat, zstd | how an object is sent: codings, ranges, entity tags
            web | web.content, cache, cache.filter, cache.tier, model, wire | http, jackson, log, spring, tomcat | one controller a resource, and the one place that renders errors
            web.prefetch | web, web.content, profile, cache, cache.tier, model, wire | http, jackson, log, metrics, spring | what a build gets at its start: many objects in one answer
            web.tomcat | web | http, log, spring, tomcat | the HTTP server: how long it waits for clients, which threads serve them
            security.tokens | cache, cache.tier, model, wire | caffeine, jackson, log, spring, tokens | whether a token is valid, and what its client may do: static tokens, issuers, sessions, rules
            security | security.tokens, web, cache, cache.tier, model, wire | caffeine, http, jackson, log, metrics, spring, tokens | a request's `Access`: the filter before all controllers, limits
            operations | web, cache, cache.tier, model | log, spring | health, start and shutdown, the overview of what the service did
            operations.metrics | operations, web, profile, cache, cache.filter, cache.tier, model, wire | metrics, spring | meters
            operations.endpoint | operations, module, web, cache, cache.tier, model, wire | http, jackson, log, spring | actuator endpoints
            build | operations, web, profile, disk, cache, cache.tier, model, wire | http, jackson, jdbc, log, metrics, spring, sqlite | builds that adapters report: history, which packages missed, and why
            page | build, operations, module, web, cache, model, wire | http, jackson, log, spring | the status page: what it says of this moment, and what is wrong
            tracing | build, cache.tier, model | aws, http, log, spring, tracing | spans, where an endpoint is set
            distribution | cache.tier | http, jackson, spring | the adapter's archives and its installer
            probe | model, wire | | a look from outside: a container's health check, `helm test`
            adapter | adapter.., model, wire | | the program: its commands, the process that serves all Go commands of one user, `doctor`, stable times; puts the parts below together
            adapter.text | | | formats: durations, times, JSON
            adapter.system | | | what the machine tells: programs that are run for an answer, small files
            adapter.http.target | | | where a server is, without any connection to it
            adapter.http | adapter.http.target | | requests over connections
            adapter.protocol | adapter.text, model | | what the Go command says
            adapter.disk | adapter.text, model, wire | | cmd/go's own cache directory
            adapter.zstd | adapter.disk, adapter.http | zstd | the one place that needs a library
            adapter.profile | adapter.system, adapter.text, model, wire | | facts of a build, from files and variables alone
            adapter.auth | adapter.http, adapter.http.target, adapter.text | | tokens
            adapter.remote | adapter.disk, model, wire | | what a session asks of the service
            adapter.remote.access | adapter.http, adapter.http.target, adapter.remote, adapter.zstd, model, wire | | what all requests to one service go through
            adapter.remote.service | adapter.disk, adapter.http, adapter.profile, adapter.remote, adapter.remote.access, adapter.text, adapter.zstd, model, wire | | the cache of one session: objects one by one, and before the Go command asks for them
            adapter.session | adapter.disk, adapter.profile, adapter.protocol, adapter.remote, adapter.system, model, wire | | one Go command, from its first line to its last
            adapter.cli | adapter.auth, adapter.http.target, adapter.remote, adapter.text, model | | flags and variables
            adapter.report | adapter.cli, adapter.disk, adapter.http.target, adapter.profile, adapter.session, adapter.text, model, wire | | what is said of a build: to people, in files, to the service
            """;

    private Packages() {}

    /**
     * A package.
     *
     * @param name below {@code io.gocacheserver}
     * @param uses other packages
     * @param libraries names of {@link #LIBRARIES}
     */
    record Line(String name, List<String> uses, List<String> libraries, String what) {

        /** Packages of libraries, the JDK included. */
        List<String> libraryPackages() {
            return Stream.concat(
                            JDK.stream(),
                            libraries.stream()
                                    .flatMap(
                                            name ->
                                                    Objects.requireNonNull(
                                                            LIBRARIES.get(name), name)
                                                            .stream()))
                    .toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Line> lines() {
        return LIST.lines().map(Packages::line);
    }

    private static Line line(String text) {
        String[] cells = text.split("\\|", -1);
        return new Line(cells[0].strip(), names(cells[1]), names(cells[2]), cells[3].strip());
    }

    private static List<String> names(String cell) {
        return cell.isBlank()
                ? List.of()
                : Arrays.stream(cell.split(",")).map(String::strip).toList();
    }
}
