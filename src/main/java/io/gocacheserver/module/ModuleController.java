package io.gocacheserver.module;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.Lookup.Hit;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.module.ModuleMetrics.From;
import io.gocacheserver.module.ModuleNames.InvalidNameException;
import io.gocacheserver.module.ModuleProxy.Answer;
import io.gocacheserver.web.Exchange;
import io.gocacheserver.web.ObjectSender;
import io.gocacheserver.web.PlainText;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletResponse;

import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code /mod/…}: a GOPROXY (go.dev/ref/mod#goproxy-protocol), with checksum databases below {@code /mod/sumdb/}. Errors are plain text,
 * since that is what the Go command shows. {@code GET /mod/} says whether modules are offered.
 */
@RestController
class ModuleController {

    private static final String DISABLE_FETCH = "Disable-Module-Fetch";
    private static final String IMMUTABLE = "max-age=604800, immutable";
    private static final String CHANGING = "max-age=60";

    private final ModuleProxy modules;
    private final ObjectSender objects;
    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(ModuleController.class), System::nanoTime);

    ModuleController(ModuleProxy modules, ObjectSender objects) {
        this.modules = modules;
        this.objects = objects;
    }

    @GetMapping(WirePaths.MODULES + "**")
    void get(Access access, Exchange http) throws IOException, TierException {
        String name = name(http.request().getRequestURI());
        if (name.isEmpty()) {
            offer(http.response());
            return;
        }
        ModuleFile file = ModuleFile.parse(name);
        boolean mayFetch = !Boolean.parseBoolean(http.header(DISABLE_FETCH));
        switch (modules.get(access.from(http.request().getRemoteAddr()), file, mayFetch)) {
            case Answer.Refused(int status, String _)
                    when file.kind() == ModuleFile.Kind.SUM_SUPPORTED && status >= 500 ->
                    // The upstreams failed, and so would the Go command: what is kept of the
                    // database is served.
                    http.response().setStatus(HttpServletResponse.SC_OK);
            case Answer.Refused(int status, String text) ->
                    PlainText.write(http.response(), status, text);
            case Answer.Found(Hit hit, From _, boolean isPublic) -> {
                http.set("Vary", "Accept-Encoding");
                http.set(
                        "Cache-Control",
                        (isPublic ? "public, " : "private, ")
                                + (file.kind().isImmutable ? IMMUTABLE : CHANGING));
                try {
                    objects.sendWhole(
                            http, hit.entry().output(), hit.content(), file.kind().contentType);
                } finally {
                    hit.content().discard();
                }
            }
        }
    }

    @ExceptionHandler
    void invalidName(InvalidNameException e, HttpServletResponse response) throws IOException {
        PlainText.write(response, HttpServletResponse.SC_NOT_FOUND, "not found: " + e.getMessage());
    }

    @ExceptionHandler
    void tierFailed(TierException e, HttpServletResponse response) throws IOException {
        log.warn(String.valueOf(e.getMessage()));
        PlainText.write(
                response,
                HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                "the service failed to read the file");
    }

    private void offer(HttpServletResponse response) throws IOException {
        boolean offered = modules.isOffered();
        PlainText.write(
                response,
                offered ? HttpServletResponse.SC_OK : HttpServletResponse.SC_NOT_FOUND,
                offered
                        ? "a Go module proxy: set GOPROXY to this URL"
                        : "no modules are offered: set cache-server.modules.upstream to what GOPROXY would be without the service");
    }

    private static String name(String uri) {
        try {
            return URLDecoder.decode(
                    uri.substring(WirePaths.MODULES.length()).replace("+", "%2B"),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidNameException("the path is not encoded as URLs are");
        }
    }
}
