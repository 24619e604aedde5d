package io.gocacheserver.wire;

import io.gocacheserver.model.ActionId;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * The actions that builds of one kind used, in order of use, and the last build that used each of them. In this form a profile
 * is stored and sent.
 *
 * <pre>
 * 4              "GCP1"
 * u16            L, the length of an ID in bytes, 2 to 500
 * u8             b, the number of builds, at least 1
 * u8             0
 * u32            n, the number of actions
 * b × (i64, u32) when a build was written, in milliseconds since 1970, and a random number; latest build first
 * n × (u8, L)    which of these builds used the action last, from 0, and the action's ID
 * u32            CRC-32 of all that stands before
 * </pre>
 *
 * <p>Numbers are in network byte order. The order is that of the latest build; actions of earlier builds alone follow.
 */
public final class BuildProfile {

    public static final int MAX_BUILDS = 255;

    private static final int MAGIC = 0x47435031;
    private static final int HEADER_LENGTH = 12;
    private static final int BUILD_LENGTH = 12;
    private static final int CHECKSUM_LENGTH = 4;

    /** Most bytes of a profile beside its actions. */
    public static final int MAX_OVERHEAD =
            HEADER_LENGTH + MAX_BUILDS * BUILD_LENGTH + CHECKSUM_LENGTH;

    private final byte[] message;
    private final int idLength;
    private final int builds;
    private final int size;

    /** A build, told from others by both numbers. */
    public record Build(long unixMillis, int nonce) {}

    /**
     * An action.
     *
     * @param build the one that used it last, counted from the latest, 0
     */
    public record Use(ActionId action, int build) {}

    private BuildProfile(byte[] message, int idLength, int builds, int size) {
        this.message = message;
        this.idLength = idLength;
        this.builds = builds;
        this.size = size;
    }

    public static BuildProfile decode(byte[] message) {
        if (message.length < HEADER_LENGTH + CHECKSUM_LENGTH
                || BigEndian.u32(message, 0) != MAGIC) {
            throw new MalformedMessageException("this is no build profile");
        }
        int idLength = BigEndian.u16(message, 4);
        int builds = BigEndian.u8(message, 6);
        int size = BigEndian.u32(message, 8);
        long length =
                HEADER_LENGTH
                        + (long) builds * BUILD_LENGTH
                        + (long) size * (1 + idLength)
                        + CHECKSUM_LENGTH;
        if (idLength < ActionList.MIN_ID_LENGTH
                || idLength > ActionList.MAX_ID_LENGTH
                || builds == 0
                || size < 0
                || length != message.length) {
            throw new MalformedMessageException(
                    "a build profile of %d bytes, with %d builds and %d actions"
                            .formatted(message.length, builds, size));
        }
        int checksum = message.length - CHECKSUM_LENGTH;
        if (BigEndian.u32(message, checksum) != crc32(message, checksum)) {
            throw new MalformedMessageException("a build profile that is damaged");
        }
        BuildProfile profile = new BuildProfile(message, idLength, builds, size);
        for (int i = 0; i < size; i++) {
            if (profile.build(i) >= builds) {
                throw new MalformedMessageException("a build profile with an unknown build");
            }
        }
        return profile;
    }

    public static BuildProfile of(int idLength, List<Build> builds, List<Use> uses) {
        int length =
                HEADER_LENGTH
                        + builds.size() * BUILD_LENGTH
                        + uses.size() * (1 + idLength)
                        + CHECKSUM_LENGTH;
        byte[] message = new byte[length];
        BigEndian.putU32(message, 0, MAGIC);
        BigEndian.putU16(message, 4, idLength);
        message[6] = (byte) builds.size();
        BigEndian.putU32(message, 8, uses.size());
        int offset = HEADER_LENGTH;
        for (Build build : builds) {
            BigEndian.putU64(message, offset, build.unixMillis());
            BigEndian.putU32(message, offset + 8, build.nonce());
            offset += BUILD_LENGTH;
        }
        for (Use use : uses) {
            message[offset] = (byte) use.build();
            ActionList.putId(message, offset + 1, use.action(), idLength);
            offset += 1 + idLength;
        }
        BigEndian.putU32(message, offset, crc32(message, offset));
        return decode(message);
    }

    public byte[] encoded() {
        return message;
    }

    public int idLength() {
        return idLength;
    }

    public int size() {
        return size;
    }

    public ActionId action(int index) {
        int start = start(index) + 1;
        return ActionId.of(Arrays.copyOfRange(message, start, start + idLength));
    }

    /** The build that used it last, counted from the latest, 0. */
    public int build(int index) {
        return BigEndian.u8(message, start(index));
    }

    /** The first of its actions, in order, as far as they are wanted. */
    public ActionList actions(int most, Predicate<ActionId> wanted) {
        byte[] list = new byte[ActionList.HEADER_LENGTH + Math.min(size, most) * idLength];
        BigEndian.putU16(list, 0, idLength);
        int length = ActionList.HEADER_LENGTH;
        for (int i = 0; i < size && i < most; i++) {
            if (wanted.test(action(i))) {
                System.arraycopy(message, start(i) + 1, list, length, idLength);
                length += idLength;
            }
        }
        return ActionList.decode(Arrays.copyOf(list, length));
    }

    public List<Build> builds() {
        List<Build> list = new ArrayList<>(builds);
        for (int i = 0; i < builds; i++) {
            int start = HEADER_LENGTH + i * BUILD_LENGTH;
            list.add(new Build(BigEndian.u64(message, start), BigEndian.u32(message, start + 8)));
        }
        return list;
    }

    private int start(int index) {
        return HEADER_LENGTH + builds * BUILD_LENGTH + index * (1 + idLength);
    }

    private static int crc32(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
