package io.gocacheserver.web;

import jakarta.servlet.ServletRequest;

import org.springframework.stereotype.Component;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** The bytes of objects on the wire since the process started, headers left out. */
@Component
public final class Traffic {

    /** A request's {@link LongConsumer} for bytes of bodies, and of objects and lists before they are sent. */
    public static final String METER = "io.gocacheserver.meter";

    private final LongAdder in = new LongAdder();
    private final LongAdder out = new LongAdder();
    private final LongAdder saved = new LongAdder();

    public long in() {
        return in.sum();
    }

    public long out() {
        return out.sum();
    }

    /** Bytes that did not have to be sent, since objects were sent compressed. */
    public long saved() {
        return saved.sum();
    }

    public static LongConsumer meterOf(ServletRequest request) {
        return request.getAttribute(METER) instanceof LongConsumer meter ? meter : _ -> {};
    }

    void taken(long bytes) {
        in.add(bytes);
    }

    /** Counts an answer: bytes sent, and bytes without the content coding. */
    public void sent(long bytes, long decoded) {
        out.add(bytes);
        if (decoded > bytes) {
            saved.add(decoded - bytes);
        }
    }
}
