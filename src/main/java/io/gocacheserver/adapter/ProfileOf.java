package io.gocacheserver.adapter;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.profile.ProfileKeys;
import io.gocacheserver.adapter.remote.prefetch.PrefetchSettings;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The build profile's keys of one Go command; a warm build never asks for them, and they cost some files to read. */
final class ProfileOf implements PrefetchSettings.Keys {

    private @Nullable GoInvocation invocation;
    private final Map<String, String> environment;
    private final @Nullable String user;
    private @Nullable ProfileKeys keys;

    /**
     * @param invocation the Go command, or null for the one that has started this process
     * @param environment what it gives its helpers
     * @param user what the user says to tell builds apart, or null
     */
    ProfileOf(
            @Nullable GoInvocation invocation,
            Map<String, String> environment,
            @Nullable String user) {
        this.invocation = invocation;
        this.environment = environment;
        this.user = user;
    }

    @Override
    public List<String> read() {
        return keys().read();
    }

    @Override
    public List<String> write() {
        return keys().write();
    }

    @Override
    public String executableName() {
        return invocation(true).executableName();
    }

    private synchronized ProfileKeys keys() {
        if (keys == null) {
            keys = ProfileKeys.of(invocation(true), user);
        }
        return keys;
    }

    /**
     * The Go command.
     *
     * @param runs whether it still runs, and can be asked for its command line
     */
    synchronized GoInvocation invocation(boolean runs) {
        if (invocation == null) {
            invocation =
                    runs ? GoInvocation.ofParent(environment) : GoInvocation.ofGone(environment);
        }
        return invocation;
    }
}
