package io.gocacheserver.operations.endpoint;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import java.util.List;

/**
 * The entries of a writer, latest first.
 *
 * @param complete whether this is all; else only the first of it
 */
record Writes(List<Write> writes, boolean complete) implements OperationResponseBody {}
