package io.gocacheserver.adapter.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** The service could not be reached, did not answer in time, or what came back is not HTTP. */
public final class HttpException extends IOException {

    public HttpException(String message) {
        super(message);
    }

    public HttpException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
