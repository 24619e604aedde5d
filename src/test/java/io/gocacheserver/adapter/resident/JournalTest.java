package io.gocacheserver.adapter.resident;

import static io.gocacheserver.testsupport.TestValues.action;
import static io.gocacheserver.testsupport.TestValues.base64;
import static io.gocacheserver.testsupport.TestValues.bytes;
import static io.gocacheserver.testsupport.TestValues.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.protocol.Base64Body;
import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.protocol.ResponseWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Whenever a session ends, another that has its journal answers just what it did not. */
class JournalTest {

    private static final int REQUESTS = 15;

    private final Random random = new Random(5);
    private final ByteBuffer file = ByteBuffer.allocateDirect(JournalLayout.FILE_BYTES);
    private final TreeSet<Long> answered = new TreeSet<>();
    private byte[] stream = new byte[0];
    private int delivered;
    private int cuts;
    private boolean whole;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50, 700, 20_000, 200_000})
    void answersEachRequestOnceWhereverTheSessionIsCut(int chunk) throws IOException {
        stream = stream(chunk < 50 ? 60 : chunk < 20_000 ? 6_000 : 2_000_000);
        whole = true;
        Journal journal = new Journal(file, new Pipe(chunk), () -> {});
        RequestReader reader = new RequestReader(journal, journal);
        ResponseWriter writer = new ResponseWriter(OutputStream.nullOutputStream(), journal);
        Deque<Long> waiting = new ArrayDeque<>();
        for (Request request = reader.next(); request != null; request = reader.next()) {
            cut();
            if (request instanceof Request.Put put && put.size() > 0) {
                readBody(reader.body());
                // As a session does: a put is answered before the next request is read.
                writer.stored(request.id(), "path");
                answered.add(request.id());
                cut();
                continue;
            }
            waiting.add(request.id());
            while (waiting.size() > random.nextInt(4)) {
                long id = waiting.remove();
                writer.miss(id);
                answered.add(id);
                cut();
            }
        }
        assertThat(cuts).isGreaterThan(REQUESTS);
    }

    @Test
    void anAnswerThatWasBeingWrittenCountsAsWritten() throws IOException {
        stream = bytes(get(1) + get(2));
        Journal journal = new Journal(file, new Pipe(1000), () -> {});
        RequestReader reader = new RequestReader(journal, journal);
        reader.next();
        reader.next();
        journal.answering(1);

        assertThat(Takeover.parse(file()).pending())
                .containsExactly(new Request.Get(2, action("2")));
    }

    @Test
    void saysWhenMoreIsUnderWayThanItHolds() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int id = 1; id <= JournalLayout.SLOTS + 1; id++) {
            text.append(get(id));
        }
        stream = bytes(text.toString());
        Journal journal = new Journal(file, new Pipe(1000), () -> {});
        RequestReader reader = new RequestReader(journal, journal);
        for (int id = 1; id <= JournalLayout.SLOTS; id++) {
            reader.next();
        }
        assertThat(Takeover.parse(file()).possible()).isTrue();
        reader.next();
        assertThat(Takeover.parse(file()).possible()).isFalse();
    }

    @Test
    void aCloseComesAfterWhatIsStillToBeAnswered() throws IOException {
        stream = bytes("{\"ID\":1,\"Command\":\"close\"}\n" + get(2));
        Journal journal = new Journal(file, new Pipe(1000), () -> {});
        RequestReader reader = new RequestReader(journal, journal);
        reader.next();
        reader.next();

        assertThat(Takeover.parse(file()).pending())
                .containsExactly(new Request.Get(2, action("2")), new Request.Close(1));
    }

    /** What a kill at this moment would leave is read as another process would. */
    private void cut() {
        cuts++;
        try {
            Takeover takeover = Takeover.parse(file());
            assertThat(takeover.possible()).isTrue();
            RequestReader reader =
                    takeover.reader(
                            new ByteArrayInputStream(stream, delivered, stream.length - delivered));
            List<Long> ids = new ArrayList<>(answered);
            for (Request request = reader.next(); request != null; request = reader.next()) {
                ids.add(request.id());
                if (request instanceof Request.Put put && put.size() > 0) {
                    reader.body().skip();
                }
                if (request instanceof Request.Get get) {
                    assertThat(get.action()).isEqualTo(action(String.valueOf(get.id())));
                }
            }
            assertThat(ids)
                    .hasSize(REQUESTS)
                    .doesNotHaveDuplicates()
                    .allMatch(id -> id >= 1 && id <= REQUESTS);
        } catch (IOException e) {
            throw new UncheckedIOException("cut after " + delivered + " bytes", e);
        }
    }

    private byte[] file() {
        byte[] copy = new byte[JournalLayout.FILE_BYTES];
        file.get(0, copy);
        return copy;
    }

    private void readBody(Base64Body body) throws IOException {
        byte[] chunk = new byte[300];
        int count = 0;
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            if (count++ % 300 == 0) {
                cut();
            }
        }
    }

    private byte[] stream(int largestBody) {
        StringBuilder text = new StringBuilder();
        for (int id = 1; id <= REQUESTS; id++) {
            text.append(id % 3 == 0 ? put(id, random.nextInt(largestBody)) : get(id));
        }
        return bytes(text.toString());
    }

    private static String get(long id) {
        return "{\"ID\":%d,\"Command\":\"get\",\"ActionID\":\"%s\"}\n\n"
                .formatted(id, base64(action(String.valueOf(id)).bytes()));
    }

    private String put(long id, int size) {
        byte[] body = new byte[size];
        random.nextBytes(body);
        String request =
                "{\"ID\":%d,\"Command\":\"put\",\"ActionID\":\"%s\",\"OutputID\":\"%s\",\"BodySize\":%d}\n\n"
                        .formatted(
                                id,
                                base64(action(String.valueOf(id)).bytes()),
                                base64(output(body).bytes()),
                                size);
        return size == 0 ? request : request + '"' + base64(body) + "\"\n";
    }

    /** Delivers so many bytes at a time; the session is cut before it knows of them, too. */
    private final class Pipe implements ReadableByteChannel {

        private final int chunk;

        Pipe(int chunk) {
            this.chunk = chunk;
        }

        @Override
        public int read(ByteBuffer target) {
            int count = Math.min(Math.min(chunk, target.remaining()), stream.length - delivered);
            target.put(stream, delivered, count);
            delivered += count;
            if (count > 0 && whole) {
                cut();
            }
            return count == 0 ? -1 : count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing to do.
        }
    }
}
