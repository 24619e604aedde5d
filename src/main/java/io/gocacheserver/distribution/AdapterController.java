package io.gocacheserver.distribution;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@code /adapter/}: the adapter that fits this service, so that two lines install it. */
@RestController
class AdapterController {

    private static final String CHECKSUM = ".sha256";
    private static final MediaType GZIP = MediaType.parseMediaType("application/gzip");
    private static final MediaType SCRIPT =
            new MediaType("text", "x-shellscript", StandardCharsets.UTF_8);
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final String location;
    private final InstallScript script;
    private @Nullable List<AdapterArchive> archives;

    AdapterController(AdapterProperties properties, InstallScript script) {
        this.location =
                properties.directory().isEmpty()
                        ? "classpath*:/adapter/"
                        : Path.of(properties.directory()).toAbsolutePath().toUri().toString();
        this.script = script;
    }

    @GetMapping(path = "/adapter/", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Listing> list() throws IOException {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .body(new Listing(archives()));
    }

    /** The script knows from where it was fetched, and so what to install. */
    @GetMapping("/adapter/install.sh")
    ResponseEntity<String> install(HttpServletRequest request) throws IOException {
        String server = ServletUriComponentsBuilder.fromContextPath(request).toUriString();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(SCRIPT)
                .body(script.render(server, archives()));
    }

    /** Bytes under one name differ between services whose versions only look the same; so a client asks again. */
    @GetMapping("/adapter/{file:.+\\.tar\\.gz}")
    ResponseEntity<Resource> archive(@PathVariable String file)
            throws IOException, NoResourceFoundException {
        AdapterArchive archive = find(file);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .eTag('"' + archive.sha256() + '"')
                .contentType(GZIP)
                .body(archive.content());
    }

    /** As {@code sha256sum --check} reads it. */
    @GetMapping("/adapter/{file:.+\\.tar\\.gz}" + CHECKSUM)
    ResponseEntity<String> checksum(@PathVariable String file)
            throws IOException, NoResourceFoundException {
        AdapterArchive archive = find(file);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(TEXT)
                .body(archive.sha256() + "  " + archive.name() + "\n");
    }

    /**
     * The archives in the service's jar, or those of a directory, sorted by name and looked for once; none if the service runs
     * from its sources.
     */
    private synchronized List<AdapterArchive> archives() throws IOException {
        if (archives != null) {
            return archives;
        }
        String base = location.endsWith("/") ? location : location + "/";
        List<AdapterArchive> found = new ArrayList<>();
        for (Resource resource :
                new PathMatchingResourcePatternResolver().getResources(base + "*.tar.gz")) {
            if (AdapterArchive.isNamedLikeOne(resource)) {
                found.add(AdapterArchive.of(resource));
            }
        }
        found.sort(Comparator.comparing(AdapterArchive::name));
        archives = List.copyOf(found);
        return archives;
    }

    private AdapterArchive find(String file) throws IOException, NoResourceFoundException {
        for (AdapterArchive archive : archives()) {
            if (archive.name().equals(file)) {
                return archive;
            }
        }
        String path = "/adapter/" + file;
        throw new NoResourceFoundException(HttpMethod.GET, path, path);
    }

    record Listing(List<AdapterArchive> archives) {}
}
