package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.ExecutableContent;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An object on its way into the cache: a temporary file, counted and hashed while it is written. Unless {@link
 * #verify()} accepts it and its file is moved away, closing removes it. When the cache directory fails, at whichever
 * byte, the object goes on in the {@link SpillDirectory}.
 */
public final class StagedObject implements Closeable {

    private static final String SHA_256_OF_NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final int COPY_BYTES = 64 * 1024;

    /** Bytes to be left free on a volume, unless they are more than a sixteenth of it. */
    private static final long RESERVE = 1L << 30;

    /** After so many bytes it is looked at again: others write too. */
    private static final long LOOK_AGAIN = 16 << 20;

    private final OutputId output;
    private final long size;
    private final SpillDirectory spill;
    private final byte[] head = new byte[ExecutableContent.HEAD_LENGTH];
    private String path;
    private FileOutputStream file;
    private @Nullable MessageDigest digest;
    private @Nullable LocalDiskException spillCause;
    private long written;
    private long roomKnownTo = Long.MAX_VALUE;
    private boolean moved;

    /**
     * Opens {@code path}, which must not exist; its directory is made if need be.
     *
     * @throws LocalDiskException if neither that nor {@code spill} can be written
     */
    StagedObject(OutputId output, long size, String path, SpillDirectory spill)
            throws LocalDiskException {
        this.output = output;
        this.size = size;
        this.spill = spill;
        this.path = path;
        FileOutputStream opened;
        try {
            opened = open(path);
        } catch (LocalDiskException e) {
            spillCause = e;
            try {
                this.path = spill.newFile(output.hex());
                opened = new FileOutputStream(this.path);
            } catch (IOException also) {
                throw new LocalDiskException(e, spill.parent(), also);
            }
        }
        file = opened;
    }

    static FileOutputStream open(String path) throws LocalDiskException {
        try {
            return new FileOutputStream(path);
        } catch (IOException e) {
            boolean made = new File(path).getParentFile().mkdirs();
            try {
                return new FileOutputStream(path);
            } catch (IOException again) {
                if (made) {
                    again.addSuppressed(e);
                }
                throw new LocalDiskException(path, again);
            }
        }
    }

    OutputId output() {
        return output;
    }

    long size() {
        return size;
    }

    String path() {
        return path;
    }

    /** Whether what was written so far is the beginning of an executable. */
    boolean isExecutable() {
        return ExecutableContent.isExecutable(head, (int) Math.min(written, head.length));
    }

    public boolean isTestResult() {
        return TestResult.isIn(path);
    }

    /** Why the object lies outside of the cache directory, or null if it does not. */
    @Nullable LocalDiskException spillCause() {
        return spillCause;
    }

    /** Has writes fail where what is still to come would leave too little room. */
    void leaveRoom() {
        roomKnownTo = 0;
    }

    /** Appends bytes. Fails if they are more than announced. */
    public void write(byte[] bytes, int from, int count)
            throws LocalDiskException, ObjectMismatchException {
        if (written + count > size) {
            throw new ObjectMismatchException(
                    "object " + output + " is longer than the announced " + size + " bytes");
        }
        digest().update(bytes, from, count);
        for (int i = 0; i < count && written + i < head.length; i++) {
            head[(int) written + i] = bytes[from + i];
        }
        try {
            append(bytes, from, count);
        } catch (IOException e) {
            spill(new LocalDiskException(path, e));
            try {
                append(bytes, from, count);
            } catch (IOException again) {
                throw new LocalDiskException(path, again);
            }
        }
        written += count;
    }

    private void append(byte[] bytes, int from, int count) throws IOException {
        if (written >= roomKnownTo) {
            File directory = new File(path).getParentFile();
            long total = directory.getTotalSpace(); // 0 if there is no such directory any more
            long room = directory.getUsableSpace() - Math.min(RESERVE, total / 16);
            if (total > 0 && size - written > room) {
                throw new IOException("no space left for an object of " + ByteSize.format(size));
            }
            roomKnownTo = written + LOOK_AGAIN;
        }
        file.write(bytes, from, count);
    }

    /** Ends the file and checks that it is what was announced. */
    void verify() throws LocalDiskException, ObjectMismatchException {
        try {
            file.close();
        } catch (IOException e) {
            spill(new LocalDiskException(path, e));
        }
        if (written != size) {
            throw new ObjectMismatchException(
                    "object " + output + " has " + written + " bytes, not the announced " + size);
        }
        String sum = size == 0 ? SHA_256_OF_NOTHING : OutputId.of(digest().digest()).hex();
        if (!sum.equals(output.hex())) {
            throw new ObjectMismatchException(
                    "object " + output + " has other content: SHA-256 " + sum);
        }
    }

    /** Moves what has been written so far out of the cache directory. Fails if that fails too, or has been done before. */
    void spill(LocalDiskException cause) throws LocalDiskException {
        if (spillCause != null) {
            throw cause;
        }
        String old = path;
        try {
            String target = spill.newFile(output.hex());
            FileOutputStream before = file;
            file = new FileOutputStream(target);
            path = target;
            spillCause = cause;
            try {
                before.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
            copy(old, file, written);
        } catch (IOException also) {
            throw new LocalDiskException(cause, spill.parent(), also);
        } finally {
            boolean removed = path.equals(old) || new File(old).delete();
            assert removed || !new File(old).exists();
        }
    }

    private static void copy(String from, FileOutputStream out, long count) throws IOException {
        try (InputStream in = new FileInputStream(from)) {
            byte[] chunk = new byte[COPY_BYTES];
            for (long left = count; left > 0; ) {
                int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (read < 0) {
                    throw new EOFException("what had been written is gone");
                }
                out.write(chunk, 0, read);
                left -= read;
            }
        }
    }

    /** Made when it is needed: the first one takes a young JVM 15 ms, and a warm build puts only an empty object. */
    private MessageDigest digest() {
        if (digest == null) {
            digest = sha256();
        }
        return digest;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The file has found its place, and there is nothing left to remove. */
    void moved() {
        moved = true;
    }

    @Override
    public void close() throws LocalDiskException {
        try {
            file.close();
        } catch (IOException e) {
            throw new LocalDiskException(path, e);
        } finally {
            if (!moved) {
                boolean removed = new File(path).delete();
                assert removed || !new File(path).exists();
            }
        }
    }
}
