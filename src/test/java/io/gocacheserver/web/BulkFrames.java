package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.BulkFrame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the frames of the answer to the start of a build as a client does. */
final class BulkFrames {

    /** A frame; a hit's object is decoded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int kind, int index, int coding, byte[] object) {}

    private BulkFrames() {}

    /** The frames after the list of actions. */
    static List<Frame> afterList(byte[] answer) {
        int list = Math.toIntExact(BulkFrame.listLength(answer));
        return parse(Arrays.copyOfRange(answer, Integer.BYTES + list, answer.length));
    }

    /** All frames, the end among them if there is one. What was cut off is left out. */
    static List<Frame> parse(byte[] answer) {
        List<Frame> frames = new ArrayList<>();
        int offset = 0;
        while (offset + BulkFrame.HEAD_LENGTH <= answer.length) {
            int kind = BulkFrame.kind(answer, offset);
            int index = BulkFrame.index(answer, offset);
            offset += BulkFrame.HEAD_LENGTH;
            if (kind != BulkFrame.HIT) {
                frames.add(new Frame(kind, index, 0, new byte[0]));
                continue;
            }
            if (offset + BulkFrame.HIT_LENGTH > answer.length) {
                break;
            }
            BulkFrame.Hit hit = BulkFrame.hit(answer, offset);
            offset += BulkFrame.HIT_LENGTH;
            int length = Math.toIntExact(hit.length());
            if (offset + length > answer.length) {
                break;
            }
            byte[] sent = Arrays.copyOfRange(answer, offset, offset + length);
            offset += length;
            byte[] object =
                    hit.coding() == BulkFrame.ZSTD
                            ? Zstd.decompress(sent, Math.toIntExact(hit.size()))
                            : sent;
            assertThat(TestObject.of(object).output()).isEqualTo(hit.output());
            frames.add(new Frame(kind, index, hit.coding(), object));
        }
        return frames;
    }

    static List<Integer> kinds(List<Frame> frames) {
        return frames.stream().map(Frame::kind).toList();
    }
}
