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
record UpstreamList(List<Proxy> proxies, boolean endsInOff) {

    /** Another proxy, without a slash at its end; {@code afterAnyFailure}: the next is asked also if this one fails. */
    record Proxy(URI base, boolean afterAnyFailure) {}

    /** Reads the list that a setting has. */
    static UpstreamList parse(String setting, String text) {
        List<Proxy> proxies = new ArrayList<>();
        for (String element : text.split("(?<=[,|])")) {
            String word = element.replaceFirst("[,|]$", "").strip();
            if (word.equals("direct") || word.equals("off")) {
                return new UpstreamList(List.copyOf(proxies), word.equals("off"));
            }
            if (!word.isEmpty()) {
                proxies.add(new Proxy(url(setting, word), element.endsWith("|")));
            }
        }
        return new UpstreamList(List.copyOf(proxies), false);
    }

    boolean isEmpty() {
        return proxies.isEmpty() && !endsInOff;
    }

    private static URI url(String setting, String word) {
        String shown = setting + ": " + word.replaceFirst("//[^@/]*@", "//***@");
        URI url;
        try {
            url = new URI(word.replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new InvalidModulesException(shown + " is no URL");
        }
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                || url.getHost() == null) {
            throw new InvalidModulesException(
                    shown + " is neither a URL with http:// or https://, nor direct or off");
        }
        if (url.getRawUserInfo() != null) {
            throw new InvalidModulesException(
                    shown
                            + " contains a user's name: put that and the password into a file, which cache-server.modules.upstreams[n].credentials names");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new InvalidModulesException(shown + " has a query or a fragment");
        }
        return url;
    }
}
