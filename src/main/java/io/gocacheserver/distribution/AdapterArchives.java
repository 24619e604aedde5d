package io.gocacheserver.distribution;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The archives that the service offers: those in its jar, which fit it, or those of a directory. They are looked for once,
 * when somebody first asks; none is offered if the service runs from its sources.
 */
@Component
final class AdapterArchives {

    private final String location;
    private @Nullable List<AdapterArchive> found;

    AdapterArchives(AdapterProperties properties) {
        this.location =
                properties.directory().isEmpty()
                        ? "classpath*:/adapter/"
                        : Path.of(properties.directory()).toAbsolutePath().toUri().toString();
    }

    /** All of them, sorted by name. */
    synchronized List<AdapterArchive> all() throws IOException {
        if (found == null) {
            found = find();
        }
        return found;
    }

    private List<AdapterArchive> find() throws IOException {
        String base = location.endsWith("/") ? location : location + "/";
        List<AdapterArchive> archives = new ArrayList<>();
        for (Resource resource :
                new PathMatchingResourcePatternResolver().getResources(base + "*.tar.gz")) {
            if (AdapterArchive.isNamedLikeOne(resource)) {
                archives.add(AdapterArchive.of(resource));
            }
        }
        archives.sort(Comparator.comparing(AdapterArchive::name));
        return List.copyOf(archives);
    }
}
