package io.gocacheserver.operations;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;

import jakarta.servlet.ServletException;

import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What happens between SIGTERM and the end, in its order. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("it reads what this process prints")
class GracefulShutdownTest {

    private final TestObject object = TestObject.ofSize(1_000_000);

    @Test
    void readinessGoesDownThenRequestsFinishThenUploadsDrain(
            @TempDir Path directory, CapturedOutput output) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedServer s3 =
                        new ScriptedServer(
                                exchange -> {
                                    gate.await();
                                    boolean head = exchange.request().method().equals("HEAD");
                                    exchange.answer(head ? 412 : 200, new byte[0]);
                                });
                RunningService service =
                        RunningService.start(
                                directory,
                                RunningService.s3Properties(
                                        URI.create(s3.url()), "cache-server.shutdown.delay=2s"));
                RawHttp slowClient = new RawHttp(service.port());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            slowClient
                    .sendHead("PUT " + object.putPath(), "Content-Length: " + object.size())
                    .send(Arrays.copyOf(object.bytes(), 500_000));

            Future<?> closing = executor.submit(service::close);
            await("readiness goes down while requests are still served")
                    .until(() -> service.get("/actuator/health/readiness").statusCode() == 503);

            slowClient.send(Arrays.copyOfRange(object.bytes(), 500_000, 1_000_000));
            assertThat(slowClient.receive().status()).isEqualTo(204);

            await("the upload has begun").until(() -> !uploads(s3).isEmpty());
            await("shutdown waits for it")
                    .until(() -> output.toString().contains("waiting for uploads"));
            assertThat(closing.isDone()).isFalse();
            gate.countDown();
            Concurrently.result(closing);

            assertThat(uploads(s3)).containsExactly("HEAD output", "PUT output", "PUT action");
            assertThat(output).containsPattern("uploads complete \\(\\d+ ms elapsed\\)");
        }
    }

    @Test
    void uploadsThatDoNotEndAreLeftForTheNextStartAtTheDeadline(
            @TempDir Path directory, CapturedOutput output) throws Exception {
        try (ScriptedServer s3 = new ScriptedServer(ScriptedServer.Exchange::hang)) {
            try (RunningService service =
                    RunningService.start(
                            directory,
                            RunningService.s3Properties(
                                    URI.create(s3.url()),
                                    "cache-server.s3.drain-timeout=300ms",
                                    "cache-server.s3.upload-concurrency=1"))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(service.put(TestObject.ofSize(10_000))).isEqualTo(204);
                }
                await().until(() -> !uploads(s3).isEmpty());
            }
            assertThat(output).containsPattern("uploads not complete after \\d+ ms: 3 left");
        }
    }

    /** What is sent as it lies in its file is sent by no thread that a shutdown would wait for. */
    @Test
    void aLargeAnswerReachesASlowReader(@TempDir Path directory) throws Exception {
        try (RunningService service =
                        RunningService.start(directory, "cache-server.shutdown.delay=0s");
                Socket reader = new Socket();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            TestObject noise = askForNoise(service, reader);
            InputStream in = reader.getInputStream();
            byte[] begin = in.readNBytes(100_000);
            Future<?> closing = executor.submit(service::close);
            await("for longer than a shutdown takes that waits for nobody")
                    .during(Duration.ofSeconds(2))
                    .failFast("the shutdown did not wait", closing::isDone)
                    .until(() -> true);
            byte[] rest = in.readAllBytes();
            int head = new String(begin, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            assertThat(begin.length - head + rest.length).isEqualTo(noise.size());
            Concurrently.result(closing);
        }
    }

    @Test
    void soDoesOneThatIsSentOnlyAfterTheShutdownHasBegun(@TempDir Path directory) throws Exception {
        try (RunningService service =
                        RunningService.start(directory, "cache-server.shutdown.delay=0s");
                Socket reader = new Socket();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Connector connector = connector(service);
            CountDownLatch answered = new CountDownLatch(1);
            connector
                    .getService()
                    .getContainer()
                    .getPipeline()
                    .addValve(
                            new ValveBase() {
                                @Override
                                public void invoke(Request request, Response response)
                                        throws IOException, ServletException {
                                    getNext().invoke(request, response);
                                    if (request.getMethod().equals("GET")) {
                                        answered.countDown();
                                        await().until(
                                                        ((AbstractProtocol<?>)
                                                                        connector
                                                                                .getProtocolHandler())
                                                                ::isPaused);
                                    }
                                }
                            });
            TestObject noise = askForNoise(service, reader);
            answered.await();
            Future<?> closing = executor.submit(service::close);
            byte[] all = reader.getInputStream().readAllBytes();
            assertThat(all.length).isGreaterThan(noise.size());
            Concurrently.result(closing);
        }
    }

    /** Asks for a large object, which the service has got before. */
    private static TestObject askForNoise(RunningService service, Socket reader) throws Exception {
        byte[] large = new byte[30_000_000];
        new Random(1).nextBytes(large);
        TestObject noise = TestObject.of(large);
        assertThat(service.put(noise)).isEqualTo(204);
        reader.setReceiveBufferSize(65_536);
        reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
        reader.getOutputStream()
                .write(
                        "GET /output/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                .formatted(noise.output())
                                .getBytes(StandardCharsets.US_ASCII));
        return noise;
    }

    private static Connector connector(RunningService service) {
        var context = (ServletWebServerApplicationContext) service.context();
        return ((TomcatWebServer) Objects.requireNonNull(context.getWebServer()))
                .getTomcat()
                .getConnector();
    }

    @Test
    void whatWasPutIsThereAfterARestart(@TempDir Path directory) throws Exception {
        try (RunningService service = RunningService.start(directory)) {
            assertThat(service.put(object)).isEqualTo(204);
        }
        try (RunningService service = RunningService.start(directory)) {
            assertThat(service.get("/output/" + object.output()).body()).isEqualTo(object.bytes());
        }
    }

    /** What it was asked, but for the looks that the service takes at its bucket, and for lists of its keys. */
    private static List<String> uploads(ScriptedServer s3) {
        return s3.requests().stream()
                .filter(request -> request.path().matches(".*/(action|output)/.*"))
                .map(GracefulShutdownTest::outline)
                .toList();
    }

    private static String outline(ScriptedServer.Request request) {
        return request.method() + " " + request.path().split("/", -1)[2];
    }
}
