package io.gocacheserver.cache.tier;

import io.gocacheserver.model.Entry;

/** What a tier, or all tiers together, answer to "what did this action produce?". A failure is an exception. */
public sealed interface Lookup {

    record Hit(Entry entry, Content content, String tier) implements Lookup {}

    record Miss() implements Lookup {
        static final Miss INSTANCE = new Miss();
    }

    static Lookup miss() {
        return Miss.INSTANCE;
    }
}
