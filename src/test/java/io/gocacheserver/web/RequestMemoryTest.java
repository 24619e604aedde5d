package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Concurrently;
import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** When requests hold all the memory that there is for them, no endpoint takes a body. */
class RequestMemoryTest {

    private static final TestObject OBJECT = TestObject.ofSize(100_000);

    /** What is sent to each resource that takes a body, by its pattern. {@code PUT /action/…} takes none. */
    private static final List<String> REQUESTS =
            List.of(
                    "PUT " + OBJECT.putPath(),
                    "PUT /output/" + OBJECT.output(),
                    "POST /prefetch",
                    "POST /prefetch/used",
                    "POST /builds",
                    "POST /builds/7/packages");

    /** Without tokens there is nothing to exchange; it is among the requests of {@code TokenlessClientsTest}. */
    private static final Set<String> KNOWN =
            Set.of(
                    "PUT /{actionId}/{outputId}",
                    "PUT /{actionId}/",
                    "PUT /output/{outputId}",
                    "PUT /output/",
                    "PUT /action/{actionId}",
                    "PUT /action/",
                    "POST /prefetch",
                    "POST /prefetch/used",
                    "POST /builds",
                    "POST /builds/{id}/packages",
                    "POST /auth/exchange-token");

    @TempDir private Path directory;
    @AutoClose private RunningService service;

    @BeforeEach
    void start() {
        service = RunningService.start(directory);
    }

    @Test
    void everyEndpointThatTakesABodyWaitsForMemoryAndIsThenBusy() throws Exception {
        RequestMemory memory = service.context().getBean(RequestMemory.class);
        List<RawHttp.Response> answers;
        try (var _ = memory.reserveAll("another client")) {
            assertThat(memory.free()).isPositive(); // nobody's
            answers = Concurrently.run(REQUESTS.size(), i -> () -> answer(REQUESTS.get(i)));
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).status()).as(REQUESTS.get(i)).isEqualTo(503);
            assertThat(answers.get(i).headers()).as(REQUESTS.get(i)).containsKey("retry-after");
        }
        assertThat(service.put(OBJECT)).isEqualTo(204);
    }

    @Test
    void noEndpointIsForgottenHere() {
        Set<String> all = new TreeSet<>();
        service.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(each -> addThoseWithABody(each, all));
        assertThat(all).containsExactlyInAnyOrderElementsOf(KNOWN);
    }

    private static void addThoseWithABody(RequestMappingInfo mapping, Set<String> all) {
        for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
            if (method == RequestMethod.PUT
                    || method == RequestMethod.POST
                    || method == RequestMethod.PATCH) {
                mapping.getPatternValues().forEach(pattern -> all.add(method + " " + pattern));
            }
        }
    }

    private RawHttp.Response answer(String request) throws IOException {
        byte[] body =
                request.startsWith("PUT")
                        ? OBJECT.bytes()
                        : new byte[] {0, 2, 3, 4, 5}; // for a profile: an outcome and an ID
        try (RawHttp connection = new RawHttp(service.port())) {
            connection.sendHead(
                    request, "Content-Length: " + body.length, "Content-Type: application/json");
            return connection.send(body).receive();
        }
    }
}
