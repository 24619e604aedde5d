package io.gocacheserver.wire;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

/** Paths of the HTTP contract, all relative to the service's base URL. */
public final class WirePaths {

    /** Before an action ID: Get, HEAD, and the second step of a two-step Put. */
    public static final String ACTION = "/action/";

    public static final String OUTPUT = "/output/";

    /** The start of a build: what it is, in JSON; the answer is a list ({@link ActionList}) and its objects ({@link PrefetchFrame}). */
    public static final String PREFETCH = "/prefetch";

    /** The end of a build: what it used ({@link UsedActions}), in JSON; the answer is a list of what the service lacks. */
    public static final String PREFETCH_USED = "/prefetch/used";

    /** Filters of the actions that the service has ({@link FilterAnswer}). */
    public static final String FILTER = "/filter";

    /** Builds: POST of a report, a JSON object; below it, by the build's number, its packages and why they missed. */
    public static final String BUILDS = "/builds";

    public static final String MODULES = "/mod/";

    private WirePaths() {}

    public static String action(ActionId action) {
        return ACTION + action.hex();
    }

    public static String output(OutputId output) {
        return OUTPUT + output.hex();
    }

    /** {@code /<action-id>/<output-id>}: Put of object and action in one request. */
    public static String put(ActionId action, OutputId output) {
        return "/" + action.hex() + "/" + output.hex();
    }
}
