package io.gocacheserver.distribution;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.io.Resource;
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
import java.util.List;

/** {@code /adapter/}: the adapter that fits this service, so that two lines install it. */
@RestController
class AdapterController {

    private static final String CHECKSUM = ".sha256";
    private static final MediaType GZIP = MediaType.parseMediaType("application/gzip");
    private static final MediaType SCRIPT =
            new MediaType("text", "x-shellscript", StandardCharsets.UTF_8);
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final AdapterArchives archives;
    private final InstallScript script;

    AdapterController(AdapterArchives archives, InstallScript script) {
        this.archives = archives;
        this.script = script;
    }

    @GetMapping(path = "/adapter/", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Listing> list() throws IOException {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .body(new Listing(archives.all()));
    }

    /** The script knows from where it was fetched, and so what to install. */
    @GetMapping("/adapter/install.sh")
    ResponseEntity<String> install(HttpServletRequest request) throws IOException {
        String server = ServletUriComponentsBuilder.fromContextPath(request).toUriString();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(SCRIPT)
                .body(script.render(server, archives.all()));
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

    private AdapterArchive find(String file) throws IOException, NoResourceFoundException {
        for (AdapterArchive archive : archives.all()) {
            if (archive.name().equals(file)) {
                return archive;
            }
        }
        String path = "/adapter/" + file;
        throw new NoResourceFoundException(HttpMethod.GET, path, path);
    }

    /** The answer to {@code GET /adapter/}. */
    record Listing(List<AdapterArchive> archives) {}
}
