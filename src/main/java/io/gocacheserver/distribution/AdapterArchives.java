package io.gocacheserver.distribution;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The archives that the service offers: those in its jar, which fit it, or those of a directory. They are looked for once,
 * when somebody first asks; none is offered if the service runs from its sources.
 */
final class AdapterArchives {

    private final String location;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable List<AdapterArchive> found;

    /**
     * @param directory with the archives; empty: they are in the jar
     */
    AdapterArchives(String directory) {
        this.location =
                directory.isEmpty()
                        ? "classpath*:/adapter/"
                        : Path.of(directory).toAbsolutePath().toUri().toString();
    }

    /** All of them, sorted by name. */
    List<AdapterArchive> all() throws IOException {
        lock.lock();
        try {
            if (found == null) {
                found = find();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    Optional<AdapterArchive> named(String name) throws IOException {
        for (AdapterArchive archive : all()) {
            if (archive.name().equals(name)) {
                return Optional.of(archive);
            }
        }
        return Optional.empty();
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
