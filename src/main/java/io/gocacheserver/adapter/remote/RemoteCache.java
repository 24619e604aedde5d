package io.gocacheserver.adapter.remote;

import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.UsedActions;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A cache beyond this machine. No method throws: a failure there never ends a build. */
public interface RemoteCache {

    /** Objects that a session has fetched ahead, by a profile or null; bytes are theirs, and as they were sent, frames included. */
    record Prefetched(
            @Nullable String profileKey,
            int objects,
            long bytes,
            long transferred,
            int roundTrips) {

        public static final Prefetched NONE = new Prefetched(null, 0, 0, 0, 0);
    }

    default void begin() {}

    /** No more Gets come. */
    default void end() {}

    /** Whether an object that is on local disk has come there before it was asked for. */
    default boolean isFetchedAhead(ActionId action) {
        return false;
    }

    default Prefetched prefetched() {
        return Prefetched.NONE;
    }

    /** Requests made so far for Gets, and to fetch ahead. */
    default int roundTrips() {
        return 0;
    }

    /** Whether it wants to be told at the end what the build used. */
    default boolean wantsNote() {
        return false;
    }

    /** Reports the actions that the build used, in order; returns those that this cache lacks. Blocks. */
    default List<ActionId> note(List<UsedActions.Use> uses, boolean onlyLocal) {
        return List.of();
    }

    /** Asks for an action's object and stores it on local disk. Blocks. */
    FetchResult fetch(ActionId action);

    UploadResult upload(Upload upload);

    /** A remark for the user at the end of the session beyond the failures, in one line; or null. */
    default @Nullable String remark() {
        return null;
    }

    /** Whether the build went on without it: some Gets were not asked, since it had failed, refused or cost too much time. */
    default boolean isAbandoned() {
        return false;
    }

    /** Whether it has cost this build so much that the build does not wait for it any more, nor for uploads at its end. */
    default boolean isGivenUp() {
        return false;
    }
}
