package io.gocacheserver.module;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names of modules and versions, as golang.org/x/mod/module has them. A path has elements of letters, digits and {@code - . _ ~}, the
 * first of them a lower-case host name; a version is a semantic one, with all three numbers. In URLs, each upper-case letter is an
 * exclamation mark and the lower-case one, since file systems may not tell them apart.
 */
final class ModuleNames {

    private static final Pattern FIRST_ELEMENT =
            Pattern.compile("[a-z0-9][a-z0-9.-]*\\.[a-z0-9.-]*");
    private static final Pattern ELEMENT = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");
    private static final Pattern ESCAPE = Pattern.compile("!([a-z])");
    private static final Pattern ESCAPED = Pattern.compile("(?:[^A-Z!]++|![a-z])*+");
    private static final String NUMBER = "(0|[1-9][0-9]*)";
    private static final String PRERELEASE_PART = "(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";

    /** A semantic version as the Go command writes it: no part left out, and no build but {@code +incompatible}. */
    private static final Pattern CANONICAL =
            Pattern.compile(
                    "v%1$s\\.%1$s\\.%1$s(-%2$s(\\.%2$s)*)?(\\+incompatible)?"
                            .formatted(NUMBER, PRERELEASE_PART));

    /** What may be asked for as a version: names of branches and tags, without their slashes. */
    private static final Pattern QUERY = Pattern.compile("[\\p{L}0-9!#$%&()+,.=@\\[\\]^_{}~-]+");

    static final class InvalidNameException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidNameException(String message) {
            super(message);
        }
    }

    private ModuleNames() {}

    static String unescapePath(String escaped) {
        String path = unescape(escaped);
        String[] elements = path.split("/", -1);
        for (String element : elements) {
            require(
                    ELEMENT.matcher(element).matches(),
                    "path",
                    path,
                    "it has an empty element, or characters that may not be there");
            require(
                    !element.startsWith(".") && !element.endsWith("."),
                    "path",
                    path,
                    "an element begins or ends with a dot");
        }
        require(
                FIRST_ELEMENT.matcher(elements[0]).matches(),
                "path",
                path,
                "its first element is no host name");
        return path;
    }

    static String unescapeVersion(String escaped) {
        String version = unescape(escaped);
        require(
                QUERY.matcher(version).matches()
                        && !version.contains("!")
                        && !version.startsWith(".")
                        && !version.endsWith("."),
                "version",
                version,
                "it has characters that may not be there");
        return version;
    }

    /** Whether this is a version that the module can have: {@code v2.0.0} of a path without {@code /v2} is none, but a query. */
    static boolean isVersionOf(String module, String version) {
        if (!isCanonical(version)) {
            return false;
        }
        String major = version.substring(1, version.indexOf('.'));
        return major.equals("0")
                || major.equals("1")
                || version.endsWith("+incompatible")
                || module.endsWith("/v" + major)
                || module.endsWith(".v" + major);
    }

    static boolean isCanonical(String version) {
        return CANONICAL.matcher(version).matches();
    }

    static String escape(String name) {
        return UPPER_CASE
                .matcher(name)
                .replaceAll(letter -> "!" + letter.group().toLowerCase(Locale.ROOT));
    }

    private static String unescape(String escaped) {
        require(
                ESCAPED.matcher(escaped).matches(),
                "name",
                escaped,
                "an upper-case letter is written as ! and the lower-case one");
        return ESCAPE.matcher(escaped)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    private static void require(boolean valid, String kind, String name, String why) {
        if (!valid) {
            String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
            throw new InvalidNameException("invalid %s %s: %s".formatted(kind, shown, why));
        }
    }
}
