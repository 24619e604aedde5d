package io.gocacheserver.testsupport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a test has opened, in a field with {@code @AutoClose}: closed in the opposite order, as much of it as there came to
 * be. JUnit promises no order among several such fields.
 */
public final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Closes it in the end. */
    public <T extends AutoCloseable> T add(T resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public void close() throws IOException {
        IOException failure = new IOException("not all could be closed");
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
