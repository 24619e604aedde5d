package io.gocacheserver.adapter.resident;

/**
 * The form of a journal file, numbers in the machine's own byte order: a head, then a slot for each request that is not
 * answered yet, then two areas, one of which holds the bytes last read.
 *
 * <p>The head is three words: {@link #MAGIC}, the process that writes, and the state. The state says, in one word so that
 * it changes at once: {@code sequence << 32 | in body << 31 | area << 30 | offset}, where all requests up to the
 * sequence number have their slot, and the bytes from the offset in the area up to the first NUL have been read and not
 * been made requests of; if in a body, those up to the next quote are still the body's. Protocol bytes are never NUL. A put stays
 * among the bytes until it is answered, so that it can be repeated; only if its body is too long it is given a slot before.
 *
 * <p>A slot is a word {@code sequence << 2 | pending or answering}, or 0 if it is free; a word with the request's ID; a
 * word with its kind; and a get's action.
 */
final class JournalLayout {

    static final long MAGIC = 0x31_52_4e_4c_4a_41_43_47L;

    static final int MAGIC_AT = 0;
    static final int PROCESS_AT = 8;
    static final int STATE_AT = 16;
    static final int SLOTS_AT = 64;

    /** What the state is once a journal cannot be kept, since too much was under way. */
    static final long OVERFULL = -1;

    static final int SLOTS = 1024;
    static final int SLOT_BYTES = 64;
    static final int ID_IN_SLOT = 8;
    static final int KIND_IN_SLOT = 16;
    static final int ACTION_IN_SLOT = 24;
    static final int ACTION_BYTES = 32;

    static final int PENDING = 1;
    static final int ANSWERING = 2;

    static final int GET = 1;
    static final int CLOSE = 2;
    static final int OTHER = 3;

    static final int AREAS_AT = SLOTS_AT + SLOTS * SLOT_BYTES;
    static final int READ_BYTES = 64 * 1024;

    /** Room for the beginning of a request, above all for a put with its body as far as that was read. */
    static final int AREA_BYTES = 1024 * 1024;

    static final int FILE_BYTES = AREAS_AT + 2 * AREA_BYTES;

    private static final long IN_BODY = 1L << 31;
    private static final long SECOND_AREA = 1L << 30;
    private static final long OFFSET = SECOND_AREA - 1;

    private JournalLayout() {}

    static long state(int sequence, boolean inBody, int area, int offset) {
        return (long) sequence << 32
                | (inBody ? IN_BODY : 0)
                | (area == 1 ? SECOND_AREA : 0)
                | offset;
    }

    static int sequence(long state) {
        return (int) (state >>> 32);
    }

    static boolean inBody(long state) {
        return (state & IN_BODY) != 0;
    }

    static int area(long state) {
        return (state & SECOND_AREA) == 0 ? 0 : 1;
    }

    static int offset(long state) {
        return (int) (state & OFFSET);
    }

    static int areaAt(int area) {
        return AREAS_AT + area * AREA_BYTES;
    }

    static int slotAt(int slot) {
        return SLOTS_AT + slot * SLOT_BYTES;
    }
}
