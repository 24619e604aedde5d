package io.gocacheserver.profile;

/** The Go command's flags that decide what is compiled, as of Go 1.26. */
final class BuildFlags {

    /** Those that make every compiled package another one. */
    private static final String FOR_ALL =
            " race msan asan compiler buildmode linkshared toolexec trimpath ";

    /** Flags that change packages or need other ones. Flags for the linker alone do not. */
    private static final String FOR_SOME =
            " tags gcflags asmflags gccgoflags mod modfile overlay pgo installsuffix cover covermode coverpkg"
                    + " fuzz vet vettool export deps test compiled ";

    private BuildFlags() {}

    static boolean isForAll(String name) {
        return contains(FOR_ALL, name);
    }

    static boolean isForSome(String name) {
        return contains(FOR_SOME, name);
    }

    private static boolean contains(String table, String name) {
        return table.contains(" " + name + " ");
    }
}
