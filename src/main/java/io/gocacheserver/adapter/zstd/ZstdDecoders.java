package io.gocacheserver.adapter.zstd;

import com.github.luben.zstd.util.Native;

import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.http.ByteSource;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Decoders of the content coding zstd, where its native library is at hand and loads. They are kept to be used again, as
 * many as fetches ever ran at once.
 */
public final class ZstdDecoders {

    private final @Nullable String library;
    private final ArrayDeque<ZstdDecoder> idle = new ArrayDeque<>();
    private boolean tried;
    private @Nullable String problem;

    /**
     * @param library the native library's file, or null if there is none for this platform
     */
    public ZstdDecoders(@Nullable String library) {
        this.library = library;
    }

    /**
     * Whether they work. The first call loads the library and makes a decoder, since only that tells for sure, which
     * takes about a millisecond: ask when there is something to fetch, not before.
     */
    public synchronized boolean available() {
        if (!tried) {
            tried = true;
            problem = load();
        }
        return problem == null;
    }

    /** Why they do not work, or null if they do or were never needed. */
    public synchronized @Nullable String problem() {
        return problem;
    }

    /**
     * Appends the content of {@code body}, which must be one zstd frame, to {@code object}.
     *
     * @throws BrokenFrameException if it is anything else
     */
    public void decode(ByteSource body, StagedObject object) throws IOException {
        ZstdDecoder decoder = take();
        boolean whole = false;
        try {
            decoder.decode(body, object);
            whole = true;
        } finally {
            if (whole) {
                give(decoder);
            } else {
                decoder.close();
            }
        }
    }

    /** Loads from where the launcher says, and from nowhere else: left to itself, zstd-jni unpacks a file each time. */
    @SuppressWarnings("restricted") // The launcher enables native access.
    private @Nullable String load() {
        if (library == null) {
            return "no zstd library for this platform";
        }
        try {
            System.load(new File(library).getAbsolutePath());
            Native.assumeLoaded();
            give(new ZstdDecoder());
            return null;
        } catch (LinkageError | RuntimeException e) {
            return e.toString();
        }
    }

    private ZstdDecoder take() {
        ZstdDecoder decoder;
        synchronized (this) {
            decoder = idle.pollLast();
        }
        return decoder == null ? new ZstdDecoder() : decoder;
    }

    private synchronized void give(ZstdDecoder decoder) {
        idle.addLast(decoder);
    }
}
