package io.gocacheserver.security.tokens;

/** A text that no log, error or endpoint may show: one secret, or several with white space between. */
public record Secret(String text) {

    @Override
    public String toString() {
        return "***";
    }
}
