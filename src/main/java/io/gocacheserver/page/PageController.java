package io.gocacheserver.page;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * {@code /}: the page. All its links are relative, so that it works below any path of a proxy, and what it shows is named
 * behind a {@code #}. Its data come from {@link StatusController} and from {@code /builds}, and partly from clients: a policy
 * forbids the browser all scripts but the page's own.
 */
@RestController
@ConditionalOnBooleanProperty(name = "cache-server.page.enabled", matchIfMissing = true)
class PageController {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final Pattern NAME = Pattern.compile("[a-z]{1,20}\\.(html|css|js|svg)");

    @GetMapping("/")
    ResponseEntity<byte[]> page() throws IOException, NoResourceFoundException {
        return file("index.html");
    }

    /** A file that the page needs. Its content may change with the service, so a browser asks again. */
    @GetMapping("/page/{name}")
    ResponseEntity<byte[]> file(@PathVariable String name)
            throws IOException, NoResourceFoundException {
        ClassPathResource file = new ClassPathResource("page/" + name);
        if (!NAME.matcher(name).matches() || !file.exists()) {
            String path = "/page/" + name;
            throw new NoResourceFoundException(HttpMethod.GET, path, path);
        }
        byte[] content = file.getContentAsByteArray();
        return ResponseEntity.ok()
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Content-Type", type(name))
                .cacheControl(CacheControl.noCache())
                .eTag('"' + DigestUtils.md5DigestAsHex(content) + '"')
                .body(content);
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html;charset=UTF-8";
            case "css" -> "text/css;charset=UTF-8";
            case "svg" -> "image/svg+xml";
            default -> "text/javascript;charset=UTF-8";
        };
    }
}
