package io.gocacheserver.adapter.session;

/** Says at the end of a session what went wrong, and with {@code --verbose} what was done. */
final class Summary {

    private final Tally tally;
    private final String service;

    Summary(Tally tally, String service) {
        this.tally = tally;
        this.service = service;
    }

    /**
     * Writes nothing if all went well, unless verbose.
     *
     * @param undone uploads that the drain left
     */
    void write(Reporter reporter, int undone) {
        if (reporter.verbose()) {
            reporter.trace(work());
        }
        if (tally.lastServiceFailure() != null) {
            reporter.warn(
                    "service "
                            + service
                            + " failed "
                            + times(tally.serviceFailures.get())
                            + " (last: "
                            + tally.lastServiceFailure()
                            + "); the build went on without it"
                            + unsent(undone));
        } else if (!unsent(undone).isEmpty()) {
            reporter.warn("service " + service + unsent(undone));
        }
        if (tally.lastDiskFailure() != null) {
            reporter.warn(
                    "the local cache failed "
                            + times(tally.diskFailures.get())
                            + " (last: "
                            + tally.lastDiskFailure()
                            + ')');
        }
    }

    String work() {
        int local = tally.localHits.get();
        int remote = tally.remoteHits.get();
        int misses = tally.misses.get();
        return "gets "
                + (local + remote + misses)
                + " (local "
                + local
                + ", service "
                + remote
                + ", misses "
                + misses
                + "), fetched "
                + tally.bytesFetched
                + " bytes, puts "
                + tally.puts
                + ", uploads "
                + tally.uploads
                + ", uploaded "
                + tally.bytesUploaded
                + " bytes";
    }

    private String unsent(int undone) {
        StringBuilder text = new StringBuilder();
        append(text, tally.uploadsSkipped.get(), "not uploaded since it failed");
        append(text, tally.uploadsDropped.get(), "not uploaded since the queue was full");
        append(text, undone, "not uploaded within the drain timeout");
        return text.toString();
    }

    private static void append(StringBuilder text, int count, String what) {
        if (count > 0) {
            text.append(text.isEmpty() ? ": " : ", ")
                    .append(count)
                    .append(count == 1 ? " object " : " objects ")
                    .append(what);
        }
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
