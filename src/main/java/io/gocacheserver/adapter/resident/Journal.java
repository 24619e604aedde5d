package io.gocacheserver.adapter.resident;

import io.gocacheserver.adapter.protocol.Request;
import io.gocacheserver.adapter.protocol.RequestLog;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * What another process must know to go on with a session if this one is killed: the requests that are not answered, and
 * the bytes that were read from the Go command and are no requests yet. It is a mapped file, so that what was written to
 * it stays however this process ends; see {@link JournalLayout}, and {@link Takeover} for its use. Some 200 ns a request.
 *
 * <p>Bytes go straight from the pipe into the file, so that there is no moment at which they are in neither. The bodies of
 * puts are kept while they are read, unless they are longer than an area.
 */
final class Journal extends InputStream implements RequestLog {

    private static final VarHandle WORD =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int NONE = -1;
    private static final byte[] ZEROS = new byte[JournalLayout.AREA_BYTES];

    private final ByteBuffer file;
    private final ReadableByteChannel in;
    private final Runnable onClosing;

    /** Slots by request ID. */
    private final Map<Long, Integer> slots = new HashMap<>();

    private final int[] freeSlots = new int[JournalLayout.SLOTS];
    private int freeCount;

    /** How many bytes of each area are not zero. */
    private final int[] used = new int[2];

    private int sequence;

    /** Up to which request the slots are to be believed; the bytes of the one after it are still there. */
    private int believed;

    private boolean inBody;
    private boolean bodyBegun;

    /** Of the put whose body is being read, if any. */
    private int bodySlot = NONE;

    /** Of a put that is answered and still among the bytes, if any. */
    private int repeatable = NONE;

    private int area;

    /** Bytes in the area before those of the last read: the beginning of a request. */
    private int carried;

    private int offset;
    private boolean overfull;

    /**
     * A journal in memory that others can read.
     *
     * @param file zeros, {@link JournalLayout#FILE_BYTES} of them
     * @param in what the Go command sends
     * @param onClosing to be run before the answer to close
     */
    Journal(ByteBuffer file, ReadableByteChannel in, Runnable onClosing) {
        this.file = file.order(ByteOrder.nativeOrder());
        this.in = in;
        this.onClosing = onClosing;
        for (int slot = JournalLayout.SLOTS - 1; slot >= 0; slot--) {
            freeSlots[freeCount++] = slot;
        }
        WORD.setRelease(this.file, JournalLayout.PROCESS_AT, ProcessHandle.current().pid());
        publish();
        WORD.setRelease(this.file, JournalLayout.MAGIC_AT, JournalLayout.MAGIC);
    }

    /** A journal in the empty file {@code path}. */
    static Journal create(Path path, ReadableByteChannel in, Runnable onClosing)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer file =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, JournalLayout.FILE_BYTES);
            return new Journal(file, in, onClosing);
        }
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("the protocol's reader reads many bytes at once");
    }

    /** Reads what there is; all that was read before has been handed on. */
    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        turn();
        int start = JournalLayout.areaAt(area) + carried;
        int count = in.read(file.slice(start, Math.min(length, JournalLayout.READ_BYTES)));
        if (count > 0) {
            used[area] = carried + count;
            file.get(start, target, from, count);
        }
        return count;
    }

    /** Makes room for another read: what is to be kept stays in front of it, or goes to the other area. */
    private void turn() {
        int kept = inBody || overfull ? 0 : used[area] - offset;
        if (kept > 0 && used[area] + JournalLayout.READ_BYTES <= JournalLayout.AREA_BYTES) {
            carried = used[area];
            return;
        }
        if (kept + JournalLayout.READ_BYTES > JournalLayout.AREA_BYTES) {
            kept = 0;
            inBody = bodyBegun;
            overfull = !bodyBegun;
            believed = sequence;
        }
        int other = 1 - area;
        file.put(JournalLayout.areaAt(other), ZEROS, 0, used[other]);
        file.put(JournalLayout.areaAt(other), file, JournalLayout.areaAt(area) + offset, kept);
        used[other] = kept;
        area = other;
        carried = kept;
        offset = 0;
        publish();
    }

    @Override
    public void between(int position) {
        inBody = false;
        bodyBegun = false;
        believed = sequence;
        offset = carried + position;
        publish();
        if (repeatable != NONE) {
            free(repeatable);
            repeatable = NONE;
        }
    }

    @Override
    public void taken(Request request, boolean bodyFollows, int position) {
        sequence++;
        keep(request, bodyFollows);
        if (!bodyFollows) {
            believed = sequence;
            offset = carried + position;
            publish();
        }
    }

    @Override
    public void bodyBegun(int position) {
        bodyBegun = true;
    }

    private synchronized void keep(Request request, boolean bodyFollows) {
        if (freeCount == 0) {
            overfull = true;
            return;
        }
        int slot = freeSlots[--freeCount];
        slots.put(request.id(), slot);
        bodySlot = bodyFollows ? slot : NONE;
        int at = JournalLayout.slotAt(slot);
        int kind = JournalLayout.OTHER;
        if (request instanceof Request.Get get) {
            kind = JournalLayout.GET;
            file.put(at + JournalLayout.ACTION_IN_SLOT, get.action().bytes());
        } else if (request instanceof Request.Close) {
            kind = JournalLayout.CLOSE;
        }
        file.putLong(at + JournalLayout.ID_IN_SLOT, request.id());
        file.putLong(at + JournalLayout.KIND_IN_SLOT, kind);
        mark(slot, JournalLayout.PENDING);
    }

    @Override
    public synchronized void answering(long id) {
        Integer slot = slots.get(id);
        if (slot != null) {
            mark(slot, JournalLayout.ANSWERING);
        }
    }

    @Override
    public synchronized void answered(long id) {
        Integer slot = slots.remove(id);
        if (slot == null) {
            return;
        }
        if (slot == bodySlot) {
            // Its bytes are there until the next request is looked for, and the slot says what they
            // are.
            bodySlot = NONE;
            repeatable = slot;
        } else {
            free(slot);
        }
    }

    private synchronized void free(int slot) {
        WORD.setRelease(file, JournalLayout.slotAt(slot), 0L);
        freeSlots[freeCount++] = slot;
    }

    @Override
    public void closing() {
        onClosing.run();
    }

    /** Says that this process does not go on with the session, though it runs. */
    void abandon() {
        WORD.setRelease(file, JournalLayout.PROCESS_AT, 0L);
    }

    private void mark(int slot, int state) {
        int at = JournalLayout.slotAt(slot);
        long number =
                state == JournalLayout.PENDING ? sequence : (long) WORD.getOpaque(file, at) >>> 2;
        WORD.setRelease(file, at, number << 2 | state);
    }

    private void publish() {
        long state =
                overfull
                        ? JournalLayout.OVERFULL
                        : JournalLayout.state(believed, inBody, area, offset);
        WORD.setRelease(file, JournalLayout.STATE_AT, state);
    }
}
