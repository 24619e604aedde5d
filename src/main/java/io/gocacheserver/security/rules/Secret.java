package io.gocacheserver.security.rules;

/**
 * A text that no log, error or endpoint may show.
 *
 * @param text the secret itself; several, such as the old one and the new one while one takes the other's place, are set
 *     apart by white space
 */
public record Secret(String text) {

    @Override
    public String toString() {
        return "***";
    }
}
