package io.gocacheserver.module;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.module.ModuleNames.InvalidNameException;
import io.gocacheserver.module.ModuleProxy.Answer;
import io.gocacheserver.web.ObjectSender;
import io.gocacheserver.web.PlainText;
import io.gocacheserver.web.content.ByteRange;
import io.gocacheserver.web.content.Representation;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;
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
    void get(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException {
        String name = name(request.getRequestURI());
        if (name.isEmpty()) {
            offer(response);
            return;
        }
        ModuleFile file = ModuleFile.parse(name);
        boolean mayFetch = !Boolean.parseBoolean(request.getHeader(DISABLE_FETCH));
        switch (modules.get(access.from(request.getRemoteAddr()), file, mayFetch)) {
            case Answer.Refused(int status, String _)
                    when file.kind() == ModuleFile.Kind.SUM_SUPPORTED && status >= 500 -> {
                // The upstreams failed, and so would the Go command: what is kept of the database
                // is served.
                response.setStatus(HttpServletResponse.SC_OK);
            }
            case Answer.Refused(int status, String text) -> PlainText.write(response, status, text);
            case Answer.Found found -> send(file, found, request, response);
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
        if (modules.isOffered()) {
            PlainText.write(
                    response,
                    HttpServletResponse.SC_OK,
                    "a Go module proxy: set GOPROXY to this URL");
        } else {
            PlainText.write(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "no modules are offered: set cache-server.modules.upstream to what GOPROXY would be without the service");
        }
    }

    private void send(
            ModuleFile file,
            Answer.Found found,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, TierException {
        Content content = found.hit().content();
        try {
            Representation representation =
                    Representation.forClient(request, found.hit().entry().output(), content);
            response.setHeader("Vary", "Accept-Encoding");
            response.setHeader(
                    "Cache-Control",
                    (found.isPublic() ? "public, " : "private, ")
                            + (file.kind().isImmutable ? IMMUTABLE : CHANGING));
            if (!representation.isWithClient(request, response)) {
                objects.send(
                        request,
                        response,
                        representation,
                        new ByteRange.Whole(),
                        file.kind().contentType);
            }
        } finally {
            content.discard();
        }
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
