package io.gocacheserver.web.tomcat;

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SendfileDataBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP/1.1 as Tomcat speaks it, with bounds for what a slow client may take ({@link SlowClientProcessor} says which). A client
 * that exceeds one is cut off: its connection is shut down in both directions, upon which Tomcat closes it by itself, and a
 * thread that waits for it returns. All connections are checked four times a second.
 *
 * <p>When three quarters of the connections that there may be are taken, those that have waited for their clients longest
 * are cut off, so that there is always a place for the next one. Requests with a token that are being served are not.
 */
public final class SlowClientProtocol extends Http11NioProtocol {

    static final Duration PERIOD = Duration.ofMillis(250);

    final AtomicInteger served = new AtomicInteger();
    private final Set<SlowClientProcessor> processors =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    volatile long headerNanos = Long.MAX_VALUE;
    volatile MinimumRate.Terms rate = new MinimumRate.Terms(0, Duration.ZERO);
    private @Nullable ScheduledFuture<?> looks;

    /** Of connections on which a file is sent without a thread. */
    private final Map<NioSocketWrapper, SlowReader> readers = new WeakHashMap<>();

    /**
     * How quickly a client takes an answer, from the samples in which the service waits for it: a client that takes a byte now and
     * then would hold a thread and a file without end.
     */
    static final class SlowReader {

        private Object answer = this;
        private long waited;
        private long before;

        /**
         * Adds a sample, {@link #PERIOD} after the last one.
         *
         * @param answer what the client takes; a different answer starts a new window
         * @param bytes how much of it has been sent
         * @return whether the client took too little in the window that ends with this sample
         */
        boolean isTooSlow(Object answer, long bytes, MinimumRate.Terms rate) {
            if (!answer.equals(this.answer)) {
                this.answer = answer;
                startWindow(bytes);
            }
            waited += PERIOD.toNanos();
            boolean slow = rate.areMissed(bytes - before, waited);
            if (rate.areDue(waited)) {
                startWindow(bytes);
            }
            return slow;
        }

        private void startWindow(long bytes) {
            waited = 0;
            before = bytes;
        }
    }

    private record Waiting(Runnable cutOff, long nanos) {}

    void setHeaderTimeout(Duration timeout) {
        headerNanos = timeout.toNanos();
    }

    void setRate(MinimumRate.Terms terms) {
        rate = terms;
    }

    /** Whether there is a request that is being served, or an answer that is on its way to its client. */
    boolean isBusy() {
        return served.get() > 0
                || getEndpoint().getConnections().stream().anyMatch(SlowClientProtocol::isSent);
    }

    @Override
    public void start() throws Exception {
        super.start();
        looks =
                getUtilityExecutor()
                        .scheduleWithFixedDelay(
                                this::look,
                                PERIOD.toMillis(),
                                PERIOD.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (looks != null) {
            looks.cancel(false);
        }
        super.stop();
    }

    @Override
    protected Processor createProcessor() {
        SlowClientProcessor processor = new SlowClientProcessor(this);
        processors.add(processor);
        return processor;
    }

    private void look() {
        try {
            long now = System.nanoTime();
            List<SlowClientProcessor> all = new ArrayList<>();
            synchronized (processors) {
                all.addAll(processors);
            }
            for (SlowClientProcessor processor : all) {
                processor.cutOffIfLate(now);
            }
            for (SocketWrapperBase<?> socket : getEndpoint().getConnections()) {
                if (isSent(socket) && isWaitingToWrite(socket)) {
                    cutOffIfTakenSlowly((NioSocketWrapper) socket);
                }
            }
            int max = getMaxConnections();
            long excess = max < 0 ? 0 : getConnectionCount() - max / 4 * 3L;
            if (excess > 0) {
                makeRoom(all, excess, now);
            }
        } catch (RuntimeException e) {
            getLog().warn("the check of connections failed", e); // else there would be no next time
        }
    }

    private void cutOffIfTakenSlowly(NioSocketWrapper socket) {
        SendfileDataBase file = socket.getSendfileData();
        SlowReader reader = readers.computeIfAbsent(socket, first -> new SlowReader());
        if (file != null && reader.isTooSlow(file, -file.length, rate)) {
            SlowClientProcessor.cutOff(SlowClientProcessor.channel(socket), true);
        }
    }

    private void makeRoom(List<SlowClientProcessor> all, long excess, long now) {
        List<Waiting> waiting = new ArrayList<>();
        for (SlowClientProcessor processor : all) {
            SlowClientProcessor.Wait wait = processor.waiting();
            if (wait != null && wait.channel().isOpen()) {
                waiting.add(new Waiting(wait::cutOff, now - wait.since()));
            }
        }
        for (SocketWrapperBase<?> socket : getEndpoint().getConnections()) {
            if (isIdle(socket)) {
                long millis =
                        System.currentTimeMillis() - ((NioSocketWrapper) socket).getLastRead();
                waiting.add(
                        new Waiting(
                                () -> cutOffIfIdle(socket), TimeUnit.MILLISECONDS.toNanos(millis)));
            }
        }
        waiting.sort(Comparator.comparingLong(Waiting::nanos).reversed());
        waiting.stream().limit(excess).forEach(each -> each.cutOff().run());
    }

    private static boolean isIdle(SocketWrapperBase<?> socket) {
        return socket instanceof NioSocketWrapper
                && !socket.isClosed()
                && !socket.getLock().isLocked()
                && socket.getCurrentProcessor() == null
                && !isSent(socket);
    }

    /** Holds the connection's lock, so that no request begins on it and no other thread closes it. */
    private static void cutOffIfIdle(SocketWrapperBase<?> socket) {
        if (!socket.getLock().tryLock()) {
            return;
        }
        try {
            if (!socket.isClosed() && socket.getCurrentProcessor() == null && !isSent(socket)) {
                SlowClientProcessor.cutOff(SlowClientProcessor.channel(socket), true);
            }
        } finally {
            socket.getLock().unlock();
        }
    }

    /** Whether there is a part of an answer for which its client has no room. */
    static boolean isWaitingToWrite(@Nullable SocketWrapperBase<?> socket) {
        return socket instanceof NioSocketWrapper nio
                && !nio.isClosed()
                && nio.interestOpsHas(SelectionKey.OP_WRITE);
    }

    static boolean isSent(SocketWrapperBase<?> socket) {
        return socket instanceof NioSocketWrapper nio && nio.getSendfileData() != null;
    }
}
