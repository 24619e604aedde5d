package io.gocacheserver.adapter;

import io.gocacheserver.adapter.protocol.RequestReader;
import io.gocacheserver.adapter.resident.Takeover;
import io.gocacheserver.adapter.session.Reporter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A session that a resident process began, and that goes on in a process of its own. */
final class TakenOver {

    private TakenOver() {}

    /**
     * Reads on where the other has ended; null if it has ended the session well after all.
     *
     * @throws UnusableDirectoryException if what it left cannot be used
     */
    static @Nullable RequestReader reader(String journal, InputStream in, Reporter reporter)
            throws UnusableDirectoryException {
        try {
            Takeover takeover = Takeover.await(Path.of(journal));
            if (takeover == null) {
                return null;
            }
            if (!takeover.possible()) {
                throw new UnusableDirectoryException(
                        "the resident process was killed with more requests under way than its journal holds");
            }
            reporter.warn("the resident process was killed; the build goes on without it");
            return takeover.reader(in);
        } catch (IOException e) {
            throw new UnusableDirectoryException(
                    "the resident process was killed, and its journal cannot be read: "
                            + e.getMessage());
        }
    }
}
