package io.gocacheserver.adapter.resident;

/**
 * What a resident process did in all.
 *
 * @param done in a line or two
 * @param failed in one line; empty if nothing did
 * @param markdown both, as a table
 */
public record WorkReport(String done, String failed, String markdown) {

    private static final String SEPARATOR = "\f"; // is in none of the three
    private static final int PARTS = 3;

    /** As the process answers to {@code stop}. */
    String encoded() {
        return String.join(SEPARATOR, done, failed, markdown);
    }

    /** The report in an answer; one of an older process has less. */
    static WorkReport decoded(String answer) {
        String[] parts = (answer + SEPARATOR.repeat(PARTS)).split(SEPARATOR, PARTS + 1);
        return new WorkReport(parts[0].strip(), parts[1].strip(), parts[2]);
    }
}
