package io.gocacheserver.operations;

import io.gocacheserver.web.AccessResolver;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** One line each for ready, drain and stop, with what an operator asks first; that it starts is said by Spring Boot. */
@Component
final class LifecycleLog implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(LifecycleLog.class);

    private final Overviews overviews;
    private final Environment environment;
    private final String access;

    LifecycleLog(
            Overviews overviews, Environment environment, ObjectProvider<AccessResolver> accesses) {
        this.overviews = overviews;
        this.environment = environment;
        this.access = accesses.getIfAvailable(() -> AccessResolver.OPEN).summary();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        Overview.Disk disk = overviews.now().disk();
        log.info(
                "ready {} after the start: port {}, {} actions on disk, {} of {} used, {}; {}",
                up(),
                ports(),
                disk.actions(),
                disk.directory().text(),
                disk.limit().text(),
                remote(),
                access);
    }

    /** Readiness is down; for a moment all requests are still served, so that load balancers and probes can notice. */
    void drain(Duration delay) {
        log.info(
                "draining: no longer ready; new requests are served for {}, running ones for {} more; {}",
                text(delay),
                environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", "30s"),
                uploads(overviews.now().uploads()));
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stopped() {
        Overview last = overviews.now();
        log.info(
                "stopped after {}: {} Gets, {} hits, {} received, {} sent; {}",
                up(),
                last.requests().gets(),
                last.requests().hits(),
                last.traffic().in().text(),
                last.traffic().out().text(),
                uploads(last.uploads()));
    }

    private String ports() {
        String service = environment.getProperty("local.server.port", "unknown");
        String management = environment.getProperty("local.management.port", service);
        return management.equals(service) ? service : service + ", management " + management;
    }

    private String remote() {
        String bucket = environment.getProperty("cache-server.s3.bucket", "");
        String prefix = environment.getProperty("cache-server.s3.key-prefix", "");
        return bucket.isEmpty()
                ? "no S3"
                : "S3 bucket " + bucket + (prefix.isEmpty() ? "" : ", prefix " + prefix);
    }

    private static String uploads(Overview.@Nullable Uploads uploads) {
        if (uploads == null) {
            return "no uploads";
        }
        long left = uploads.queued() + uploads.running();
        return left + (left == 1 ? " upload left" : " uploads left");
    }

    private String up() {
        return text(Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
    }

    /** Such as {@code 2.9s} or {@code 26h3m}. */
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            long tenths = duration.toMillis() / 100;
            return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + "s";
        }
        return duration.toHours() > 0
                ? duration.toHours() + "h" + duration.toMinutesPart() + "m"
                : duration.toMinutes() + "m" + duration.toSecondsPart() + "s";
    }
}
