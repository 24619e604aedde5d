package io.gocacheserver.cache.tier;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How an object's bytes are represented where they are stored. Recorded with the object, never guessed. */
public enum Coding {
    IDENTITY {
        @Override
        public InputStream decode(InputStream stored) {
            return stored;
        }
    },

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

    /** The body of a Put, which reads as the object, whichever way it comes. */
    public interface Body {

        /**
         * Has the zstd frame that the object comes as written to {@code copy}, from its first byte, as the object is read.
         *
         * @param copy does not throw: it remembers its failure
         * @return false if the object comes as it is
         */
        boolean copyFrameTo(OutputStream copy);

        static boolean copyFrame(InputStream body, OutputStream copy) {
            return body instanceof Body coded && coded.copyFrameTo(copy);
        }
    }
}
