package io.gocacheserver.adapter.profile;

/** The part of {@code go.mod} and {@code go.work} that the key of a build needs. */
final class ModFileText {

    private ModFileText() {}

    /** The first argument of a directive, in a line of its own or in a block; the empty text if there is none. */
    static String firstArgument(String text, String directive) {
        boolean inBlock = false;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int to = end < 0 ? text.length() : end;
            String line = withoutComment(text.substring(from, to));
            from = to + 1;
            if (inBlock) {
                if (!line.isEmpty()) {
                    return line.equals(")") ? "" : unquoted(line);
                }
            } else if (line.startsWith(directive) && line.length() > directive.length()) {
                String rest = line.substring(directive.length());
                String argument = rest.strip();
                if (argument.startsWith("(")) {
                    inBlock = true;
                } else if (rest.charAt(0) == ' ' || rest.charAt(0) == '\t') {
                    return unquoted(argument);
                }
            }
        }
        return "";
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf("//");
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private static String unquoted(String word) {
        char first = word.charAt(0);
        boolean quoted = word.length() > 1 && (first == '"' || first == '`');
        return quoted && word.charAt(word.length() - 1) == first
                ? word.substring(1, word.length() - 1)
                : word;
    }
}
