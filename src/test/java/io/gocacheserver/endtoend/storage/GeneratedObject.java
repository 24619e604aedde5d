package io.gocacheserver.endtoend.storage;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.testsupport.Sha256;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;

/** An object of any size whose bytes are made while they are read, so that none of them needs a place. */
record GeneratedObject(ActionId action, OutputId output, long seed, long size) {

    private static final int BLOCK = 64 * 1024;
    private static final int ACTION_BYTES = 32;

    /** The object of a size; another seed makes another object. */
    static GeneratedObject of(long seed, long size) {
        try {
            OutputId output = new OutputId(Sha256.hex(new Bytes(seed, size)));
            byte[] action = new byte[ACTION_BYTES];
            new Random(seed).nextBytes(action);
            return new GeneratedObject(ActionId.of(action), output, seed, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InputStream open() {
        return new Bytes(seed, size);
    }

    /** A block of random bytes again and again, each time with its number in front: it never repeats. */
    private static final class Bytes extends InputStream {

        private final byte[] block = new byte[BLOCK];
        private long left;
        private long blockNumber;
        private int position = BLOCK;

        Bytes(long seed, long size) {
            new Random(seed).nextBytes(block);
            left = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (left == 0) {
                return -1;
            }
            if (position == BLOCK) {
                ByteBuffer.wrap(block).putLong(blockNumber++);
                position = 0;
            }
            int count = (int) Math.min(Math.min(length, BLOCK - position), left);
            System.arraycopy(block, position, target, offset, count);
            position += count;
            left -= count;
            return count;
        }
    }
}
