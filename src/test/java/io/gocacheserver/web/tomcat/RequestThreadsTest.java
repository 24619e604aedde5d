package io.gocacheserver.web.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Concurrently;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;

class RequestThreadsTest {

    @AutoClose private final ThreadPoolExecutor threads = TomcatConfiguration.threads(1, 1);

    @Test
    void requestsBeyondThePoolHaveThreadsOfTheirOwn() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        FutureTask<Boolean> stuck = new FutureTask<>(() -> isVirtual(end));
        FutureTask<Boolean> next = new FutureTask<>(() -> Thread.currentThread().isVirtual());
        threads.execute(stuck);
        threads.execute(next);
        assertThat(Concurrently.result(next)).isTrue();
        end.countDown();
        assertThat(Concurrently.result(stuck)).isFalse();
    }

    private static boolean isVirtual(CountDownLatch end) throws InterruptedException {
        end.await();
        return Thread.currentThread().isVirtual();
    }
}
