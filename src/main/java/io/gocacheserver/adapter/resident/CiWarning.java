package io.gocacheserver.adapter.resident;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Failures of a job, said where its CI shows them: an annotation and the job's summary at GitHub; elsewhere
 * a line in the job's log, at GitLab in the colour of the runner's own warnings, since GitLab has nothing else.
 */
final class CiWarning {

    private static final String TITLE = "Go build cache";
    private static final String YELLOW = "\033[0;33m";
    private static final String PLAIN = "\033[0;m";

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A job's.
     *
     * @param out where GitHub reads commands
     */
    CiWarning(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    void say(String message) {
        if (isSet("GITHUB_ACTIONS")) {
            out.println("::warning title=" + TITLE + "::" + escaped(message));
            out.flush();
        } else {
            String line = "go-cache-adapter: " + message;
            err.println(isSet("GITLAB_CI") ? YELLOW + "WARNING: " + line + PLAIN : line);
        }
        String summary = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        if (!summary.isEmpty()) {
            append(summary, "\n> **" + TITLE + "**: " + message + "\n");
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
