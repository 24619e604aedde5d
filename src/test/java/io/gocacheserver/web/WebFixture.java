package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Directories;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The service on a real port with the disk tier alone, shared by the tests of the HTTP contract. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "cache-server.shutdown.delay=0s",
            "cache-server.web.max-object-size=64MB",
            "server.tomcat.connection-timeout=" + WebFixture.STALL_MILLIS + "ms"
        })
@ResourceLock("the service of its subclasses")
abstract class WebFixture extends HttpFixture {

    /** Largest object that lives in the index, not in a file. */
    static final int INLINE_SIZE = 16 * 1024;

    static final int STALL_MILLIS = 1500;

    /** Larger than any inline object, any buffer and any socket's buffer: such a one is sent by sendfile. */
    static final int LARGE = 5_000_000;

    private static final Path DISK = temporaryDirectory();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("cache-server.disk.path", DISK::toString);
    }

    /** Puts an object with its action, which must succeed. */
    final TestObject stored(TestObject object) throws Exception {
        assertThat(put(object.putPath(), object.bytes()).statusCode()).isEqualTo(204);
        return object;
    }

    /** The action and the object are served. */
    final void assertServed(TestObject object) throws Exception {
        var response = get("/action/" + object.action(), "Want-Object", "1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Arrays.equals(response.body(), object.bytes())).isTrue();
    }

    /** Neither the object nor its action is served. */
    final void assertNotServed(TestObject object) throws Exception {
        assertProblem(get("/action/" + object.action()), ProblemType.MISS);
        assertProblem(get("/output/" + object.output()), ProblemType.MISS);
    }

    static List<String> tmp() throws IOException {
        return Directories.files(DISK.resolve("tmp"));
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target"), "web-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
