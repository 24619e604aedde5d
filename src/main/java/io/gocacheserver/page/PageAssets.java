package io.gocacheserver.page;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.util.DigestUtils;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files that the page is made of: its own, and those of the library that draws its charts. Read when first asked for. */
final class PageAssets {

    private static final MediaType HTML = new MediaType("text", "html", StandardCharsets.UTF_8);
    private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final MediaType SCRIPT =
            new MediaType("text", "javascript", StandardCharsets.UTF_8);
    private static final MediaType SVG = new MediaType("image", "svg+xml");

    private static final String UPLOT = "classpath*:META-INF/resources/webjars/uplot/*/dist/";

    private static final Map<String, Source> SOURCES =
            Map.of(
                    "index.html", new Source("page/index.html", HTML),
                    "page.css", new Source("page/page.css", CSS),
                    "page.js", new Source("page/page.js", SCRIPT),
                    "charts.js", new Source("page/charts.js", SCRIPT),
                    "format.js", new Source("page/format.js", SCRIPT),
                    "icon.svg", new Source("page/icon.svg", SVG),
                    "uplot.js", new Source(UPLOT + "uPlot.iife.min.js", SCRIPT),
                    "uplot.css", new Source(UPLOT + "uPlot.min.css", CSS));

    private record Source(String location, MediaType type) {}

    /**
     * A file.
     *
     * @param tag its entity tag, which goes with its content
     */
    @SuppressWarnings("ArrayRecordComponent") // an answer on its way, never compared
    record Asset(byte[] content, MediaType type, String tag) {}

    private final Map<String, Asset> read = new ConcurrentHashMap<>();

    /** The file of this name, if the page has one. */
    Optional<Asset> named(String name) throws IOException {
        Asset known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        Source source = SOURCES.get(name);
        if (source == null) {
            return Optional.empty();
        }
        byte[] content = find(source.location()).getContentAsByteArray();
        Asset asset =
                new Asset(content, source.type(), '"' + DigestUtils.md5DigestAsHex(content) + '"');
        read.put(name, asset);
        return Optional.of(asset);
    }

    private static Resource find(String location) throws IOException {
        if (!location.startsWith("classpath*:")) {
            return new ClassPathResource(location);
        }
        Resource[] found = new PathMatchingResourcePatternResolver().getResources(location);
        if (found.length != 1) {
            throw new IOException("%d files at %s".formatted(found.length, location));
        }
        return found[0];
    }
}
