package io.gocacheserver.web;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RawHttp;
import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.ProblemType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Clients that end, reset or stall in the midst of a request or an answer. */
class HangUpTest extends BadRequestFixture {

    private static final int MANY = 150;

    private final TestObject object = TestObject.ofSize(LARGE);

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void aClientThatEndsItsBodyEarlyIsRefused(int size) throws Exception {
        TestObject half = TestObject.ofSize(size);
        try (RawHttp connection = connect()) {
            connection
                    .sendHead("PUT " + half.putPath(), "Content-Length: " + size)
                    .send(Arrays.copyOf(half.bytes(), size / 2))
                    .endOutput();
            connection.receiveToEnd();
        }
        assertNotServed(half);
    }

    @Test
    void clientsThatHangUpHalfWayLeaveNothing() throws Exception {
        int before = connections();
        byte[] half = Arrays.copyOf(object.bytes(), 200_000);
        for (int i = 0; i < MANY; i++) {
            try (RawHttp connection = connect()) {
                connection
                        .sendHead("PUT " + object.putPath(), "Content-Length: " + LARGE)
                        .send(half)
                        .reset();
            }
        }
        await().until(() -> connections() <= before + 2);
        assertNotServed(object);
    }

    @Test
    void clientsThatHangUpWhileTheyReceiveLeaveNothing() throws Exception {
        stored(object);
        int before = connections();
        for (int i = 0; i < MANY; i++) {
            try (RawHttp connection = connect()) {
                connection.sendHead("GET /output/" + object.output()).reset();
            }
        }
        await().until(() -> connections() <= before + 2);
        assertThat(Arrays.equals(get("/output/" + object.output()).body(), object.bytes()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, LARGE})
    void aClientThatStallsIsToldSoAndHungUpOn(int size) throws Exception {
        TestObject stalling = TestObject.ofSize(size);
        try (RawHttp connection = connect()) {
            connection
                    .sendHead("PUT " + stalling.putPath(), "Content-Length: " + size)
                    .send(Arrays.copyOf(stalling.bytes(), size / 2));
            assertProblem(connection.receive(), ProblemType.REQUEST_TIMEOUT);
            assertThat(connection.receiveToEnd()).isEmpty();
        }
        assertNotServed(stalling);
    }

    @Test
    void aClientThatStallsWithinItsHeadersIsHungUpOn() throws Exception {
        try (RawHttp connection = connect()) {
            connection.send(
                    "GET /action/abcd HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
            connection.receiveToEnd();
        }
    }
}
