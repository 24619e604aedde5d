package io.gocacheserver.adapter.resident;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * What a job is told where its CI shows it. A failure is an annotation at GitHub; elsewhere a line in the job's log, at
 * GitLab in the colour of the runner's own warnings, since GitLab has nothing else. A summary is GitHub's alone.
 *
 * @param out where GitHub reads commands
 */
record CiNotes(Map<String, String> environment, PrintStream out, PrintStream err) {

    private static final String TITLE = "Go build cache";
    private static final String YELLOW = "\033[0;33m";
    private static final String PLAIN = "\033[0;m";

    void warn(String message) {
        if (isSet("GITHUB_ACTIONS")) {
            out.println("::warning title=" + TITLE + "::" + escaped(message));
            out.flush();
        } else {
            String line = "go-cache-adapter: " + message;
            err.println(isSet("GITLAB_CI") ? YELLOW + "WARNING: " + line + PLAIN : line);
        }
    }

    /** Adds Markdown to the job's summary, if it has one. */
    void summary(String markdown) {
        String file = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        if (!file.isEmpty()) {
            append(file, markdown);
        }
    }

    private boolean isSet(String variable) {
        return environment.getOrDefault(variable, "").equals("true");
    }

    /** As the runner decodes a command's text. */
    private static String escaped(String message) {
        return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private void append(String file, String text) {
        try {
            Files.writeString(
                    Path.of(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            err.println("go-cache-adapter: cannot write to the job's summary: " + e.getMessage());
        }
    }
}
