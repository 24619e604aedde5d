package io.gocacheserver.adapter.doctor;

import java.io.PrintStream;

/** Prints what was found, a line each: {@code ok}, {@code warning} or {@code problem}, what it is, what to do. */
final class Findings {

    private final PrintStream out;
    private int problems;
    private int warnings;

    Findings(PrintStream out) {
        this.out = out;
    }

    void ok(String text) {
        line("ok       ", text);
    }

    /** Builds work, but not as well as they could, or perhaps not as meant. */
    void warning(String text) {
        warnings++;
        line("warning  ", text);
    }

    /** The cache does not work. */
    void problem(String text) {
        problems++;
        line("problem  ", text);
    }

    /** The last line; whether there were no problems. */
    synchronized boolean sumUp() {
        String warned = warnings == 1 ? "1 warning" : warnings + " warnings";
        if (problems == 0) {
            out.println(warnings == 0 ? "All is well." : "No problem, " + warned + ".");
        } else {
            out.println((problems == 1 ? "1 problem, " : problems + " problems, ") + warned + ".");
        }
        out.flush();
        return problems == 0;
    }

    private synchronized void line(String kind, String text) {
        out.println(kind + text);
    }
}
