package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;

/** The problem that stands for a bare HTTP status, where the container found the error and knows no more. */
public final class ProblemStatus {

    private ProblemStatus() {}

    public static ProblemType problemFor(int status) {
        return switch (status) {
            case 401 -> ProblemType.UNAUTHORIZED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 408 -> ProblemType.REQUEST_TIMEOUT;
            case 501 -> ProblemType.BAD_REQUEST; // a transfer coding that Tomcat does not know
            case 411 -> ProblemType.LENGTH_REQUIRED;
            case 413 -> ProblemType.TOO_LARGE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            case 503 -> ProblemType.BUSY;
            default -> status < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        };
    }
}
