package io.gocacheserver.web;

import io.gocacheserver.cache.ObjectMismatchException;
import io.gocacheserver.cache.ObjectSourceException;
import io.gocacheserver.cache.RateLimitedLog;
import io.gocacheserver.cache.TierException;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.regex.Pattern;

/** From what went wrong to a {@link ProblemType}. What is the client's mistake is not logged; what is ours is, once. */
@RestControllerAdvice
class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Pattern CACHE_PATH =
            Pattern.compile("/(action|output|[0-9a-fA-F]+)/[0-9a-fA-F]*");

    private final RateLimitedLog floods = new RateLimitedLog(log, System::nanoTime);

    @ExceptionHandler
    void invalidId(InvalidIdException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(response, ProblemType.BAD_ID, e.getMessage());
    }

    @ExceptionHandler
    void problem(ProblemException e, HttpServletResponse response) throws IOException {
        ProblemWriter.write(response, e.type(), e.getMessage());
    }

    @ExceptionHandler
    void brokenBody(ObjectSourceException e, HttpServletResponse response) throws IOException {
        ProblemType type;
        if (e instanceof ObjectMismatchException) {
            type = ProblemType.BODY_MISMATCH;
        } else if (e.getCause() instanceof SocketTimeoutException) {
            type = ProblemType.REQUEST_TIMEOUT;
        } else {
            type = ProblemType.BAD_REQUEST;
        }
        log.debug("Put refused: {}", e.getMessage());
        ProblemWriter.write(response, type, e.getMessage());
    }

    @ExceptionHandler
    void tierFailed(TierException e, HttpServletResponse response) throws IOException {
        floods.warn(String.valueOf(e.getMessage()));
        log.debug("tier failed", e);
        ProblemType type =
                switch (e) {
                    case TierException.LocalRead read -> ProblemType.DISK_ERROR;
                    case TierException.LocalWrite write -> ProblemType.DISK_FULL;
                    case TierException.Remote remote -> ProblemType.S3_ERROR;
                };
        ProblemWriter.write(response, type, e.getMessage());
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemWriter.write(response, ProblemType.NOT_FOUND, request.getRequestURI());
    }

    /** Any path of two segments matches that of a Put; unless its segments look like IDs, the path is what is wrong. */
    @ExceptionHandler
    void methodNotAllowed(
            HttpRequestMethodNotSupportedException e,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!CACHE_PATH.matcher(request.getRequestURI()).matches()) {
            notFound(request, response);
            return;
        }
        String[] supported = e.getSupportedMethods();
        if (supported != null) {
            response.setHeader("Allow", String.join(", ", supported));
        }
        ProblemWriter.write(response, ProblemType.METHOD_NOT_ALLOWED, e.getMessage());
    }

    @ExceptionHandler
    void unexpected(Exception e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            log.debug("{} {} broke off: {}", request.getMethod(), request.getRequestURI(), e);
            throw new IOException(e); // the connection is closed: half an answer is no answer
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        ProblemWriter.write(response, ProblemType.INTERNAL_ERROR, null);
    }
}
