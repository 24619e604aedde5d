package io.gocacheserver.tracing;

import io.gocacheserver.build.ReportedBuild;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.IdGenerator;

import org.springframework.context.event.EventListener;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span for each build, when its adapter reports it, with the IDs that its requests named as their parent. */
record BuildSpans(Tracer tracer) {

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}");

    private static final ScopedValue<Matcher> GIVEN = ScopedValue.newInstance();

    /** Random IDs, but those that are given to the span of a build. */
    static final class Ids implements IdGenerator {

        @Override
        public String generateTraceId() {
            return GIVEN.isBound() ? GIVEN.get().group(1) : IdGenerator.random().generateTraceId();
        }

        @Override
        public String generateSpanId() {
            return GIVEN.isBound() ? GIVEN.get().group(2) : IdGenerator.random().generateSpanId();
        }
    }

    @EventListener
    void reported(ReportedBuild build) {
        Matcher ids = TRACEPARENT.matcher(build.trace() == null ? "" : build.trace());
        if (ids.matches()) {
            ScopedValue.where(GIVEN, ids).run(() -> emit(build));
        }
    }

    private void emit(ReportedBuild build) {
        Instant start = build.received().minusMillis(build.durationMillis());
        tracer.spanBuilder(build.command() == null ? "go" : build.command())
                .setNoParent()
                .setStartTimestamp(start)
                .setAttribute("gocache.build", build.id())
                .setAttribute("gocache.module", build.module())
                .setAttribute("gocache.branch", build.branch())
                .setAttribute("gocache.job", build.job())
                .setAttribute("gocache.failure", build.failure())
                .setAttribute("gocache.gets.local_hit", build.localHits())
                .setAttribute("gocache.gets.service_hit", build.serviceHits())
                .setAttribute("gocache.gets.miss", build.misses())
                .setAttribute("gocache.wait_millis", build.waitMillis())
                .setAttribute("gocache.failures", build.serviceFailures())
                .startSpan()
                .setStatus(build.suffered() ? StatusCode.ERROR : StatusCode.UNSET)
                .end(build.received());
    }
}
