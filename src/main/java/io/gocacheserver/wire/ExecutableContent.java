package io.gocacheserver.wire;

/**
 * Tells executables from all else that the Go command caches, by their first bytes: ELF (Linux, BSD), Mach-O (macOS), PE
 * (Windows), and scripts that begin with {@code #!}. Archives begin with {@code !<arch>}, and nothing else that cmd/go caches
 * begins like an executable, unless a test has printed it.
 */
public final class ExecutableContent {

    public static final int HEAD_LENGTH = 8;

    private static final int ELF = 0x7f454c46;
    private static final int MACH_O_32 = 0xfeedface;
    private static final int MACH_O_64 = 0xfeedfacf;
    private static final int MACH_O_32_REVERSED = 0xcefaedfe;
    private static final int MACH_O_64_REVERSED = 0xcffaedfe;
    private static final int MACH_O_FAT_32 = 0xcafebabe;
    private static final int MACH_O_FAT_64 = 0xcafebabf;

    /** A Java class file begins as a fat Mach-O file does; where that has this number, it has its version, 45 or more. */
    private static final int MOST_PROCESSORS = 40;

    private ExecutableContent() {}

    /**
     * Whether an object that begins like this is one.
     *
     * @param head its first bytes
     * @param length how many of them there are: {@value #HEAD_LENGTH}, or all if the object is shorter
     */
    public static boolean isExecutable(byte[] head, int length) {
        if (length < 4) {
            return length >= 2 && isScript(head);
        }
        return switch (BigEndian.u32(head, 0)) {
            case ELF, MACH_O_32, MACH_O_64, MACH_O_32_REVERSED, MACH_O_64_REVERSED -> true;
            case MACH_O_FAT_32, MACH_O_FAT_64 ->
                    length >= HEAD_LENGTH && BigEndian.u32(head, 4) <= MOST_PROCESSORS;
            default -> isScript(head) || isWindows(head);
        };
    }

    private static boolean isScript(byte[] head) {
        return head[0] == '#' && head[1] == '!';
    }

    /** {@code MZ}, and a number below 512 that no text can be: how much of its last page the DOS header uses. */
    private static boolean isWindows(byte[] head) {
        return head[0] == 'M' && head[1] == 'Z' && (head[3] & 0xfe) == 0;
    }
}
