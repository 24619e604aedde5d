package io.gocacheserver.adapter.disk;

import io.gocacheserver.model.OutputId;

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

    private final OutputId output;
    private final long size;
    private final String path;
    private final FileOutputStream file;
    private @Nullable MessageDigest digest;
    private long written;
    private boolean moved;

    private StagedObject(OutputId output, long size, String path, FileOutputStream file) {
        this.output = output;
        this.size = size;
        this.path = path;
        this.file = file;
    }

    /** Opens {@code path}, which must not exist; its directory is made if need be. */
    static StagedObject create(OutputId output, long size, String path) throws LocalDiskException {
        return new StagedObject(output, size, path, open(path));
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

    /**
     * Appends bytes.
     *
     * @throws ObjectMismatchException if they are more than announced
     */
    public void write(byte[] bytes, int from, int count)
            throws LocalDiskException, ObjectMismatchException {
        written += count;
        if (written > size) {
            throw new ObjectMismatchException(
                    "object " + output + " is longer than the announced " + size + " bytes");
        }
        digest().update(bytes, from, count);
        try {
            file.write(bytes, from, count);
        } catch (IOException e) {
            throw new LocalDiskException(path, e);
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
        MessageDigest made = digest;
        if (made == null) {
            try {
                made = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
            digest = made;
        }
        return made;
    }

    /** The file has been renamed, and there is nothing left to remove. */
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
