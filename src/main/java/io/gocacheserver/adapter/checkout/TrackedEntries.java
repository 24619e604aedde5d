package io.gocacheserver.adapter.checkout;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What Git tracks in a checkout. Names are relative to its top, with slashes, and one char for each byte.
 *
 * @param blobs by file or symbolic link that is not modified, the ID of its content
 * @param folders all above tracked files; the empty name is the top
 * @param submodules where other repositories are checked out
 */
record TrackedEntries(Map<String, String> blobs, Set<String> folders, Set<String> submodules) {

    private static final String SUBMODULE = "160000"; // mode of a submodule in the index
    private static final int MODE = 2; // where mode and ID stand in a line of the index
    private static final int ID = MODE + SUBMODULE.length() + 1;

    /** Of a file that Git compares with the index, where others are assumed to be unchanged or are not there. */
    private static final char COMPARED = 'H';

    static TrackedEntries of(Git git) throws IOException {
        Set<String> modified = modified(git);
        TrackedEntries entries =
                new TrackedEntries(new HashMap<>(), new HashSet<>(), new HashSet<>());
        // Each "H 100644 <id> <stage>\t<name>".
        for (String entry : lines(git.run("ls-files", "-s", "-v", "-z"))) {
            String name = entry.substring(entry.indexOf('\t') + 1);
            if (entry.startsWith(SUBMODULE, MODE)) {
                entries.submodules.add(name);
            } else if (entry.charAt(0) == COMPARED && !modified.contains(name)) {
                entries.blobs.put(name, entry.substring(ID, entry.indexOf(' ', ID)));
            }
            entries.addFoldersOf(name);
        }
        return entries;
    }

    /** The names that {@code git status} shows, staged ones too; the index is up to date afterwards. */
    static Set<String> modified(Git git) throws IOException {
        Set<String> names = new HashSet<>();
        String status =
                git.run(
                        "status",
                        "--porcelain",
                        "-z",
                        "--untracked-files=no",
                        "--no-renames",
                        "--ignore-submodules=all");
        // Each "XY <name>".
        for (String entry : lines(status)) {
            names.add(entry.substring(3));
        }
        return names;
    }

    private void addFoldersOf(String name) {
        for (int slash = name.lastIndexOf('/');
                slash >= 0 && folders.add(name.substring(0, slash));
                slash = name.lastIndexOf('/', slash - 1)) {
            // The next one above.
        }
        folders.add("");
    }

    private static String[] lines(String text) {
        return text.isEmpty() ? new String[0] : text.split("\0");
    }
}
