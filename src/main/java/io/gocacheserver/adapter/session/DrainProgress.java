package io.gocacheserver.adapter.session;

/** Is told about each second how much is still to be sent, while the end of a session waits for it. */
@FunctionalInterface
public interface DrainProgress {

    /**
     * @param objects not sent yet, at least one
     * @param bytes theirs together
     */
    void remaining(int objects, long bytes);
}
