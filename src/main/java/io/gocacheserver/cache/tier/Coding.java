package io.gocacheserver.cache.tier;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

import java.io.IOException;
import java.io.InputStream;

/** How an object's bytes are represented where they are stored. Recorded with the object, never guessed. */
public enum Coding {
    /** The bytes themselves. */
    IDENTITY {
        @Override
        public InputStream decode(InputStream stored) {
            return stored;
        }
    },

    /** One frame of Zstandard (RFC 8878). */
    ZSTD {
        @Override
        public InputStream decode(InputStream stored) throws IOException {
            return new ZstdInputStreamNoFinalizer(stored, RecyclingBufferPool.INSTANCE);
        }
    };

    /**
     * The object's own bytes, from those that are stored. Closing the stream closes {@code stored}; reading it fails where
     * they are not valid.
     */
    public abstract InputStream decode(InputStream stored) throws IOException;
}
