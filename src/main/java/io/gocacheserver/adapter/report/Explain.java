package io.gocacheserver.adapter.report;

import io.gocacheserver.adapter.session.Reporter;

import java.io.IOException;
import java.time.InstantSource;

/** {@code --explain}: compares a build with the last one of its kind, says why there were misses, and records it. */
final class Explain {

    private final BuildContext context;
    private final Reporter reporter;
    private final InstantSource clock;

    Explain(BuildContext context, Reporter reporter, InstantSource clock) {
        this.context = context;
        this.reporter = reporter;
        this.clock = clock;
    }

    void explain(BuildRecord record) {
        if (record.size() == 0) {
            return;
        }
        StoredBuild build = StoredBuild.of(context, record, clock.millis());
        BuildStore store = new BuildStore(context.cacheDir());
        for (String line : new Comparison(store.last(context), build).lines()) {
            reporter.say(line);
        }
        try {
            store.save(context, build);
        } catch (IOException e) {
            reporter.warn("cannot record this build for the next --explain: " + e.getMessage());
        }
    }
}
