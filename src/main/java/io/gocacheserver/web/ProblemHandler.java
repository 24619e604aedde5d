package io.gocacheserver.web;

import io.gocacheserver.cache.Access.NotAllowedException;
import io.gocacheserver.cache.Quotas.QuotaExceededException;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RateLimitedLog;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.wire.MalformedMessageException;
import io.gocacheserver.wire.ProblemType;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.CloseNowException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Maps exceptions to a {@link ProblemType}. Errors of clients are not logged; errors of the service are, once. */
@RestControllerAdvice
class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Pattern CACHE_PATH =
            Pattern.compile("/(action|output|[0-9a-fA-F]+)/[0-9a-fA-F]*");

    private static final String QUOTA_RETRY_SECONDS = "60";

    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(log, System::nanoTime);

    @ExceptionHandler({
        InvalidIdException.class,
        MalformedMessageException.class,
        InvalidParameterException.class, // a query that Tomcat cannot take apart
        HttpMessageNotReadableException.class, // JSON for the actuator, which Spring reads
        NotAllowedException.class,
        ProblemException.class
    })
    void refused(RuntimeException e, HttpServletResponse response) throws IOException {
        ProblemType type =
                switch (e) {
                    case InvalidIdException _ -> ProblemType.BAD_ID;
                    case NotAllowedException _ -> ProblemType.FORBIDDEN;
                    case ProblemException problem -> problem.type();
                    default -> ProblemType.BAD_REQUEST;
                };
        Problem.write(response, type, e.getMessage());
    }

    /** A parameter, or a part of the path, that is no number. */
    @ExceptionHandler
    void notOfItsType(MethodArgumentTypeMismatchException e, HttpServletResponse response)
            throws IOException {
        Problem.write(
                response,
                ProblemType.BAD_REQUEST,
                "the value of %s is not what it has to be".formatted(e.getName()));
    }

    @ExceptionHandler
    void quotaExceeded(QuotaExceededException e, HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", QUOTA_RETRY_SECONDS);
        Problem.write(response, ProblemType.QUOTA_EXCEEDED, e.getMessage());
    }

    /** A body that is not the right one, broke off, stalled or came too slowly. The client may have gone. */
    @ExceptionHandler({ObjectSourceException.class, ClientAbortException.class})
    void brokenBody(IOException e, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            throw e;
        }
        log.debug("refused: {}", e.getMessage());
        ProblemType type =
                e instanceof ObjectMismatchException ? ProblemType.BODY_MISMATCH : hangUpType(e);
        Problem.write(response, type, e.getMessage());
    }

    private static ProblemType hangUpType(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return ProblemType.REQUEST_TIMEOUT;
            }
        }
        return ProblemType.BAD_REQUEST;
    }

    @ExceptionHandler
    void tierFailed(TierException e, HttpServletResponse response) throws IOException {
        rateLimitedLog.warn(String.valueOf(e.getMessage()));
        log.debug("tier failed", e);
        Duration retryAfter = e instanceof TierException.Remote remote ? remote.retryAfter() : null;
        if (retryAfter != null) {
            response.setIntHeader(
                    "Retry-After", Math.toIntExact(Math.max(1, retryAfter.toSeconds())));
        }
        Problem.write(response, Problem.typeOf(e), e.getMessage());
    }

    /** Rethrown, so that the connection is closed. */
    @ExceptionHandler
    void brokenAnswer(CloseNowException e) throws CloseNowException {
        rateLimitedLog.warn("answer ended early: " + e.getMessage());
        throw e;
    }

    @ExceptionHandler({NoHandlerFoundException.class, NoResourceFoundException.class})
    void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Problem.write(response, ProblemType.NOT_FOUND, request.getRequestURI());
    }

    /**
     * Any path of two segments matches that of a Put; where a Put is all there is and the segments do not look like IDs,
     * the path is what is wrong.
     */
    @ExceptionHandler
    void methodNotAllowed(
            HttpRequestMethodNotSupportedException e,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String[] supported = e.getSupportedMethods();
        if (Arrays.equals(supported, new String[] {"PUT"})
                && !CACHE_PATH.matcher(request.getRequestURI()).matches()) {
            notFound(request, response);
            return;
        }
        if (supported != null) {
            // A HEAD is allowed wherever a GET is; Spring does not list it.
            response.setHeader(
                    "Allow", String.join(", ", supported).replaceFirst("\\bGET\\b", "GET, HEAD"));
        }
        Problem.write(response, ProblemType.METHOD_NOT_ALLOWED, e.getMessage());
    }

    @ExceptionHandler
    void unexpected(Exception e, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        if (response.isCommitted()) {
            log.debug("{} {} ended early: {}", request.getMethod(), request.getRequestURI(), e);
            throw e; // the connection is closed: half an answer is no answer
        }
        if (e instanceof ErrorResponse known && known.getStatusCode().is4xxClientError()) {
            Problem.write(response, Problem.typeOf(known.getStatusCode().value()), e.getMessage());
            return;
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        Problem.write(response, ProblemType.INTERNAL_ERROR, null);
    }
}
