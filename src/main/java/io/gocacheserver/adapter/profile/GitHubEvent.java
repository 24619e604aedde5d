package io.gocacheserver.adapter.profile;

import java.io.File;

/** The file in which GitHub Actions describes what has set off the job. No variable says which branch is the default. */
final class GitHubEvent {

    private static final String NAME = "\"default_branch\"";

    private GitHubEvent() {}

    /** The default branch of the repository; the empty text if the file does not say. */
    static String defaultBranch(String file) {
        String text = file.isEmpty() ? "" : SmallFile.readIfThere(new File(file));
        int name = text.indexOf(NAME);
        if (name < 0) {
            return "";
        }
        int from = text.indexOf('"', name + NAME.length());
        int to = text.indexOf('"', from + 1);
        return from < 0 || to < 0 ? "" : text.substring(from + 1, to);
    }
}
