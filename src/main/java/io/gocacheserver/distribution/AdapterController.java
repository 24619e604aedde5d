package io.gocacheserver.distribution;

import com.fasterxml.jackson.annotation.JsonIgnore;

import io.gocacheserver.cache.tier.Digests;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /adapter/}: the adapter that fits this service, so that two lines install it. */
@RestController
class AdapterController {

    private static final Pattern NAME =
            Pattern.compile(
                    "go-cache-adapter-([A-Za-z0-9._+-]+)-((?:linux|darwin|windows)-[a-z0-9_]+|any)\\.tar\\.gz");

    private static final Pattern HARMLESS_URL =
            Pattern.compile("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?");

    private static final MediaType GZIP = MediaType.parseMediaType("application/gzip");
    private static final MediaType SCRIPT =
            new MediaType("text", "x-shellscript", StandardCharsets.UTF_8);
    private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

    private final String location;
    private @Nullable List<AdapterArchive> archives;

    /**
     * One archive of the adapter, {@code go-cache-adapter-<version>-<platform>.tar.gz}.
     * Its name has letters, digits, dots, dashes, pluses and underscores alone, so that it is safe in a shell.
     *
     * @param platform such as {@code linux-x86_64}; {@code any} for the one that needs an installed Java
     */
    record AdapterArchive(
            String name,
            String version,
            String platform,
            long size,
            String sha256,
            @JsonIgnore Resource content) {

        /** Null for a file of another name. */
        static @Nullable AdapterArchive of(Resource resource) throws IOException {
            Matcher name = NAME.matcher(String.valueOf(resource.getFilename()));
            if (!name.matches()) {
                return null;
            }
            MessageDigest digest = Digests.sha256();
            long size;
            try (InputStream in = new DigestInputStream(resource.getInputStream(), digest)) {
                size = in.transferTo(OutputStream.nullOutputStream());
            }
            String hash = HexFormat.of().formatHex(digest.digest());
            return new AdapterArchive(
                    name.group(), name.group(1), name.group(2), size, hash, resource);
        }
    }

    AdapterController(AdapterProperties properties) {
        String directory = properties.directory();
        this.location =
                directory.isEmpty() ? "classpath*:/adapter" : Path.of(directory).toUri().toString();
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
                .body(script(server, archives()));
    }

    /** Leaves a server's URL out that might mean something to a shell: then the script asks for it. */
    static String script(String server, List<AdapterArchive> archives) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (AdapterArchive archive : archives) {
            lines.append(archive.platform()).append(' ').append(archive.sha256());
            lines.append(' ').append(archive.name()).append('\n');
        }
        return new ClassPathResource("adapter/install.sh")
                .getContentAsString(StandardCharsets.UTF_8)
                .replace("@SERVER@", HARMLESS_URL.matcher(server).matches() ? server : "")
                .replace("@ARCHIVES@\n", lines);
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
    @GetMapping("/adapter/{file:.+\\.tar\\.gz}.sha256")
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
        String files = location.replaceFirst("/?$", "/*.tar.gz");
        List<AdapterArchive> found = new ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources(files)) {
            AdapterArchive archive = AdapterArchive.of(file);
            if (archive != null) {
                found.add(archive);
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
