package io.gocacheserver.module;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * Where some modules come from, and who may have them.
 *
 * @param patterns of module paths; none for all that no other source has
 * @param credentials file, or null
 * @param namespaces whose clients may have them; the first is where they are kept
 */
record Source(
        List<PathMatcher> patterns,
        UpstreamList upstreams,
        @Nullable Path credentials,
        List<Namespace> namespaces) {

    /** The sources that settings name: those with a pattern, in their order, then the one for all other modules. */
    static List<Source> of(ModuleProperties properties) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < properties.upstreams().size(); i++) {
            sources.add(
                    of(
                            "cache-server.modules.upstreams[%d]".formatted(i),
                            properties.upstreams().get(i)));
        }
        sources.add(
                new Source(
                        List.of(),
                        UpstreamList.parse("cache-server.modules.upstream", properties.upstream()),
                        null,
                        List.of(Namespace.GLOBAL)));
        return List.copyOf(sources);
    }

    private static Source of(String name, ModuleProperties.UpstreamSettings settings) {
        require(
                !settings.pattern().isBlank(),
                name + ".pattern",
                "is not set: say which modules come from there");
        require(!settings.url().isBlank(), name + ".url", "is not set");
        require(
                !settings.namespaces().isEmpty(),
                name + ".namespaces",
                "is not set: name the namespaces whose clients may have these modules, or global for all clients");
        UpstreamList upstreams = UpstreamList.parse(name + ".url", settings.url());
        String credentials = settings.credentials();
        try {
            return new Source(
                    Arrays.stream(settings.pattern().split(","))
                            .map(String::strip)
                            .filter(pattern -> !pattern.isEmpty())
                            .map(Source::pattern)
                            .toList(),
                    upstreams,
                    credentials == null || credentials.isBlank() ? null : Path.of(credentials),
                    settings.namespaces().stream().map(Namespace::new).toList());
        } catch (InvalidNamespaceException e) {
            throw new InvalidModulesException(name + ".namespaces: " + e.getMessage());
        } catch (PatternSyntaxException e) {
            throw new InvalidModulesException(
                    "%s.pattern: %s is no pattern".formatted(name, settings.pattern()));
        }
    }

    /** Whether it has this module, as GOPRIVATE's patterns match: as many elements of the path as the pattern has. */
    boolean has(String module) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(each -> each.matches(Path.of(module)));
    }

    boolean isPublic() {
        return namespaces.getFirst().isGlobal();
    }

    boolean isOpenTo(Access access) {
        return namespaces.stream().anyMatch(access.reads()::contains);
    }

    Namespace home() {
        return namespaces.getFirst().modules();
    }

    /** Whether credentials may go there: only to hosts that the setting names. */
    boolean isOwn(URI url) {
        return upstreams.proxies().stream()
                .map(UpstreamList.Proxy::base)
                .anyMatch(
                        base ->
                                base.getScheme().equals(url.getScheme())
                                        && base.getHost().equalsIgnoreCase(url.getHost())
                                        && base.getPort() == url.getPort());
    }

    /** As Go's {@code path.Match}: * and ? match no slash, [a-z] one character of these; and all that begins so. */
    private static PathMatcher pattern(String text) {
        String glob = text.replaceFirst("/+$", "").replace("[^", "[!");
        return FileSystems.getDefault().getPathMatcher("glob:" + glob + "{,/**}");
    }

    private static void require(boolean valid, String setting, String why) {
        if (!valid) {
            throw new InvalidModulesException(setting + " " + why);
        }
    }
}
