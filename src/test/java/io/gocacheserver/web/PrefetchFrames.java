package io.gocacheserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;

import io.gocacheserver.testsupport.TestObject;
import io.gocacheserver.wire.PrefetchFrame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the frames of the answer to the start of a build as a client does. */
final class PrefetchFrames {

    /** A frame; a hit's object is decoded. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int kind, int index, int coding, byte[] object) {}

    private PrefetchFrames() {}

    /** The frames after the list of actions. */
    static List<Frame> afterList(byte[] answer) {
        int list = Math.toIntExact(PrefetchFrame.listLength(answer));
        return parse(Arrays.copyOfRange(answer, Integer.BYTES + list, answer.length));
    }

    /** All frames, the end among them if there is one. What was cut off is left out. */
    static List<Frame> parse(byte[] answer) {
        List<Frame> frames = new ArrayList<>();
        int offset = 0;
        while (offset + PrefetchFrame.HEAD_LENGTH <= answer.length) {
            int kind = PrefetchFrame.kind(answer, offset);
            int index = PrefetchFrame.index(answer, offset);
            offset += PrefetchFrame.HEAD_LENGTH;
            if (kind != PrefetchFrame.HIT) {
                frames.add(new Frame(kind, index, 0, new byte[0]));
                continue;
            }
            if (offset + PrefetchFrame.HIT_LENGTH > answer.length) {
                break;
            }
            PrefetchFrame.Hit hit = PrefetchFrame.hit(answer, offset);
            offset += PrefetchFrame.HIT_LENGTH;
            int length = Math.toIntExact(hit.length());
            if (offset + length > answer.length) {
                break;
            }
            byte[] sent = Arrays.copyOfRange(answer, offset, offset + length);
            offset += length;
            byte[] object =
                    hit.coding() == PrefetchFrame.ZSTD
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
