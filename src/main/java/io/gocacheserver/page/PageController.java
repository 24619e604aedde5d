package io.gocacheserver.page;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;

import java.io.IOException;

/**
 * {@code /}: the page. All its links are relative, so that it works below any path of a proxy. Its data come from {@link
 * StatusController}, and partly from clients: a policy forbids the browser all scripts but the page's own.
 */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class PageController {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private final PageAssets assets = new PageAssets();

    @GetMapping("/")
    ResponseEntity<byte[]> page() throws IOException, NoResourceFoundException {
        return file("index.html");
    }

    /** A file that the page needs. Its content may change with the service, so a browser asks again. */
    @GetMapping("/page/{name}")
    ResponseEntity<byte[]> file(@PathVariable String name)
            throws IOException, NoResourceFoundException {
        var found = assets.named(name);
        if (found.isEmpty()) {
            String path = "/page/" + name;
            throw new NoResourceFoundException(HttpMethod.GET, path, path);
        }
        return ResponseEntity.ok()
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .cacheControl(CacheControl.noCache())
                .eTag(found.get().tag())
                .contentType(found.get().type())
                .body(found.get().content());
    }
}
