package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a killed process has left of a session, as its {@link Journal} tells.
 *
 * <p>A get that was not answered is answered now. A put that was not answered is repeated. If its body was too long to
 * be kept, what is left of it is skipped, and the put answered with an error: that costs the Go command nothing but the
 * entry for what it has compiled, and only its indexes of packages must not fail, which are short. Of an answer that was just being written nobody
 * can say whether it arrived. It nearly always did, since marking the request takes a fraction of the write's time; and
 * the Go command ends the build on a second answer. So it counts as answered. If it did not arrive, the build waits for
 * ever: in measured builds that needs a kill within some microseconds out of each 100,000.
 *
 * @param process the one that kept the journal
 * @param possible whether the journal is complete
 * @param pending requests to answer
 * @param inBody whether the bytes begin within a body
 * @param answered ID of a put that is among the bytes though it was answered, or -1
 * @param unread bytes of the Go command that are no requests yet, each as one character
 */
public record Takeover(
        long process,
        boolean possible,
        List<Request> pending,
        boolean inBody,
        long answered,
        String unread) {

    private static final long POLL_MILLIS = 20;

    /** The session that goes on with what is left, and then with {@code in}. */
    public RequestReader reader(InputStream in) {
        return RequestReader.resuming(
                new SequenceInputStream(
                        new ByteArrayInputStream(unread.getBytes(StandardCharsets.ISO_8859_1)), in),
                pending,
                inBody,
                answered);
    }

    /**
     * Waits until the process that keeps the journal has ended, whoever lost the connection to it, and then reads the
     * journal; null if there is none any more, since the session has ended well.
     *
     * @throws IOException if it cannot be read
     */
    public static @Nullable Takeover await(Path journal) throws IOException {
        while (true) {
            if (!Files.exists(journal)) {
                return null;
            }
            Takeover takeover = parse(Files.readAllBytes(journal));
            if (!LauncherProcess.isRunning(takeover.process)) {
                // It may have ended well between the two looks.
                return Files.deleteIfExists(journal) ? takeover : null;
            }
            pause();
        }
    }

    static Takeover parse(byte[] bytes) throws IOException {
        if (bytes.length != JournalLayout.FILE_BYTES) {
            throw new IOException("the journal has " + bytes.length + " bytes");
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long process = file.getLong(JournalLayout.PROCESS_AT);
        long state = file.getLong(JournalLayout.STATE_AT);
        if (file.getLong(JournalLayout.MAGIC_AT) == 0) {
            // Killed before it read anything.
            return new Takeover(process, true, List.of(), false, -1, "");
        }
        if (file.getLong(JournalLayout.MAGIC_AT) != JournalLayout.MAGIC
                || state == JournalLayout.OVERFULL) {
            return new Takeover(process, false, List.of(), false, -1, "");
        }
        int from = JournalLayout.areaAt(JournalLayout.area(state)) + JournalLayout.offset(state);
        int areaEnd = JournalLayout.areaAt(JournalLayout.area(state)) + JournalLayout.AREA_BYTES;
        int to = from;
        while (to < areaEnd && bytes[to] != 0) {
            to++;
        }
        return new Takeover(
                process,
                true,
                pending(file, JournalLayout.sequence(state)),
                JournalLayout.inBody(state),
                answered(file, JournalLayout.sequence(state)),
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static List<Request> pending(ByteBuffer file, int sequence) {
        List<Request> pending = new ArrayList<>();
        for (int slot = 0; slot < JournalLayout.SLOTS; slot++) {
            int at = JournalLayout.slotAt(slot);
            long word = file.getLong(at);
            // One with a later number was not finished, and its bytes are still among the unread
            // ones.
            if ((word & 3) == JournalLayout.PENDING && word >>> 2 <= sequence) {
                Request request = request(file, at);
                // What comes after a close is not looked at.
                pending.add(request instanceof Request.Close ? pending.size() : 0, request);
            }
        }
        return pending;
    }

    private static long answered(ByteBuffer file, int sequence) {
        for (int slot = 0; slot < JournalLayout.SLOTS; slot++) {
            int at = JournalLayout.slotAt(slot);
            if (file.getLong(at) == ((sequence + 1L) << 2 | JournalLayout.ANSWERING)) {
                return file.getLong(at + JournalLayout.ID_IN_SLOT);
            }
        }
        return -1;
    }

    private static Request request(ByteBuffer file, int at) {
        long id = file.getLong(at + JournalLayout.ID_IN_SLOT);
        int kind = (int) file.getLong(at + JournalLayout.KIND_IN_SLOT);
        if (kind == JournalLayout.GET) {
            byte[] action = new byte[JournalLayout.ACTION_BYTES];
            file.get(at + JournalLayout.ACTION_IN_SLOT, action);
            return new Request.Get(id, ActionId.of(action));
        }
        return kind == JournalLayout.CLOSE
                ? new Request.Close(id)
                : new Request.Invalid(id, "the resident process was killed meanwhile", false);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
