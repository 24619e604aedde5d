package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.ByteSize;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.wire.ExecutableContent;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An object on its way into the cache: a temporary file, counted and hashed while it is written. Unless {@link
 * #verify()} accepts it and its file is moved away, closing removes it.
 */
public final class StagedObject implements Closeable {

    private static final String SHA_256_OF_NOTHING =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** Bytes to be left free on a volume, unless they are more than a sixteenth of it. */
    private static final long RESERVE = 1L << 30;

    /** After so many bytes it is looked at again: others write too. */
    private static final long LOOK_AGAIN = 16 << 20;

    private final OutputId output;
    private final long size;
    private final byte[] head = new byte[ExecutableContent.HEAD_LENGTH];
    private final String path;
    private final FileOutputStream file;
    private @Nullable MessageDigest digest;
    private long written;
    private long roomKnownTo = Long.MAX_VALUE;
    private boolean moved;

    /** Opens {@code path}, which must not exist; its directory is made if need be. */
    StagedObject(OutputId output, long size, String path) throws LocalDiskException {
        this.output = output;
        this.size = size;
        this.path = path;
        this.file = open(path);
    }

    static FileOutputStream open(String path) throws LocalDiskException {
        try {
            return new FileOutputStream(path);
        } catch (IOException e) {
            new File(path).getParentFile().mkdirs();
        }
        try {
            return new FileOutputStream(path);
        } catch (IOException e) {
            throw new LocalDiskException(path, e);
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
        return TestResult.of(path) != null;
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
            requireRoom();
            file.write(bytes, from, count);
        } catch (IOException e) {
            throw new LocalDiskException(path, e);
        }
        written += count;
    }

    private void requireRoom() throws IOException {
        if (written >= roomKnownTo) {
            File directory = new File(path).getParentFile();
            long total = directory.getTotalSpace(); // 0 if there is no such directory any more
            long room = directory.getUsableSpace() - Math.min(RESERVE, total / 16);
            if (total > 0 && size - written > room) {
                throw new IOException("no space left for an object of " + ByteSize.format(size));
            }
            roomKnownTo = written + LOOK_AGAIN;
        }
    }

    /** Ends the file and checks that it is what was announced. */
    void verify() throws LocalDiskException, ObjectMismatchException {
        try {
            file.close();
        } catch (IOException e) {
            throw new LocalDiskException(path, e);
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
                new File(path).delete();
            }
        }
    }
}
