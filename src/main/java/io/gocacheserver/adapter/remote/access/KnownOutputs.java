package io.gocacheserver.adapter.remote.access;

import io.gocacheserver.model.OutputId;

import java.util.HashSet;
import java.util.Set;

/** Objects that the service is known to have: sent, fetched or seen there. Forgets them all when it is full. */
public final class KnownOutputs {

    private static final int CAPACITY = 8192;

    private final Set<OutputId> outputs = new HashSet<>();

    public synchronized void add(OutputId output) {
        if (outputs.size() >= CAPACITY) {
            outputs.clear();
        }
        outputs.add(output);
    }

    public synchronized boolean contains(OutputId output) {
        return outputs.contains(output);
    }

    public synchronized void remove(OutputId output) {
        outputs.remove(output);
    }
}
