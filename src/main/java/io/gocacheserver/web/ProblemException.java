package io.gocacheserver.web;

import io.gocacheserver.wire.ProblemType;

/** A request that cannot be served, for a reason that only the HTTP layer knows. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    public ProblemException(ProblemType type, String detail) {
        super(detail);
        this.type = type;
    }

    public ProblemType type() {
        return type;
    }
}
