package io.gocacheserver.module;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * Upstreams in the order in which they are asked, in GOPROXY's own syntax: URLs, {@code direct} and {@code off}. After a comma
 * the next is asked if this one answers 404 or 410; after {@code |} also if it fails.
 *
 * <p>{@code direct} ends the list as well as its end does: the service has no access to version control, but the Go command, which
 * gets a 404, may have. {@code off} forbids what no upstream before it has.
 */
record UpstreamList(List<Element> elements) {

    static final UpstreamList EMPTY = new UpstreamList(List.of());

    /** What stands at one place of the list. */
    sealed interface Element {

        /** Whether the next is asked also if this one fails. */
        boolean afterAnyFailure();

        /**
         * Another proxy.
         *
         * @param base without a slash at its end
         */
        record Proxy(URI base, boolean afterAnyFailure) implements Element {}

        /** The end: what was not found so far must not be fetched. */
        record Off(boolean afterAnyFailure) implements Element {}
    }

    /**
     * Reads a list.
     *
     * @param setting its name, for messages
     * @throws InvalidModulesException naming what is wrong with it
     */
    static UpstreamList parse(String setting, String text) {
        List<Element> elements = new ArrayList<>();
        String rest = text.strip();
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && rest.charAt(end) != ',' && rest.charAt(end) != '|') {
                end++;
            }
            boolean any = end < rest.length() && rest.charAt(end) == '|';
            String word = rest.substring(0, end).strip();
            rest = end < rest.length() ? rest.substring(end + 1).strip() : "";
            switch (word) {
                case "" -> {}
                case "direct" -> rest = "";
                case "off" -> {
                    elements.add(new Element.Off(any));
                    rest = "";
                }
                default -> elements.add(new Element.Proxy(url(setting, word), any));
            }
        }
        return new UpstreamList(List.copyOf(elements));
    }

    /** Whether there is nobody to ask. */
    boolean isEmpty() {
        return elements.isEmpty();
    }

    private static URI url(String setting, String word) {
        String shown = word.replaceFirst("//[^@/]*@", "//***@");
        URI url;
        try {
            url = new URI(word.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw invalid(setting, shown, "is no URL");
        }
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                || url.getHost() == null) {
            throw invalid(
                    setting, shown, "is neither a URL with http:// or https://, nor direct or off");
        }
        if (url.getRawUserInfo() != null) {
            throw invalid(
                    setting,
                    shown,
                    "contains a user's name: put that and the password into a file, which cache-server.modules.upstreams[n].credentials names");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw invalid(setting, shown, "has a query or a fragment");
        }
        return url;
    }

    private static InvalidModulesException invalid(String setting, String word, String why) {
        return new InvalidModulesException("%s: %s %s".formatted(setting, word, why));
    }
}
