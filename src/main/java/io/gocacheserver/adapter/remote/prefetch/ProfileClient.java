package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.BuildProfile;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and notes build profiles. They are a matter of speed alone: an error with them is no failure that a
 * user need know, and none that keeps Gets from being asked. A service that is left alone for its failures is not asked
 * for them either.
 */
public final class ProfileClient {

    /** Of one profile: twice as many as a service keeps by default, in the order of use. Some 200 bytes of memory each. */
    private static final int MAX_ACTIONS = 65_536;

    private static final long MAX_BYTES = 4 << 20;

    /** The Go command's own. */
    private static final int ID_BYTES = 32;

    private static final String UNRESERVED = "-._~/";

    private final ServiceAccess service;
    private final Gate gate;

    public ProfileClient(ServiceAccess service, Gate gate) {
        this.service = service;
        this.gate = gate;
    }

    /**
     * A profile that was found.
     *
     * @param key its key
     */
    record Found(String key, List<ActionId> actions) {}

    /** The profile of the first of these keys that has one, or null. */
    @Nullable Found read(List<String> keys, Duration limit) {
        if (service.is(Trait.NO_PROFILES) || keys.isEmpty() || !gate.isPassable()) {
            return null;
        }
        HttpRequest request = HttpRequest.get(path(keys), service.common());
        try (HttpResponse response = service.client.send(request, limit)) {
            if (!answered(response)) {
                return null;
            }
            BuildProfile profile = BuildProfile.decode(body(response));
            if (profile.idLength() != ID_BYTES) {
                return null;
            }
            int size = Math.min(profile.size(), MAX_ACTIONS);
            List<ActionId> actions = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                actions.add(profile.action(i));
            }
            long index = Math.max(0, response.bytesIn(WireHeaders.PROFILE_KEY_INDEX));
            return new Found(keys.get((int) Math.min(index, keys.size() - 1)), actions);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Notes what a build used; the actions that the service lacks, and this machine has. Null if it failed. */
    public @Nullable List<ActionId> note(
            List<String> keys, List<UsedActions.Use> uses, Duration limit) {
        if (service.is(Trait.NO_PROFILES)
                || keys.isEmpty()
                || uses.isEmpty()
                || !gate.isPassable()) {
            return null;
        }
        HttpRequest request =
                HttpRequest.post(
                        path(keys), service.putHeaders(), new BytesBody(UsedActions.encode(uses)));
        try (HttpResponse response = service.client.send(request, limit)) {
            if (!answered(response)) {
                return null;
            }
            ActionList missing = ActionList.decode(body(response));
            if (missing.size() > uses.size()) {
                return null;
            }
            List<ActionId> actions = new ArrayList<>(missing.size());
            for (int i = 0; i < missing.size(); i++) {
                actions.add(missing.get(i));
            }
            return actions;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Whether the answer is one to read. A 404 that no problem details come with is another server's. */
    private boolean answered(HttpResponse response) {
        int status = response.status();
        if (status == Status.OK) {
            return true;
        }
        String type = response.header("Content-Type");
        boolean ours = type != null && type.startsWith("application/problem+json");
        if (status == Status.NOT_FOUND
                || status == Status.NOT_ALLOWED
                || status == Status.BAD_REQUEST) {
            service.learn(ours ? Trait.CACHE : Trait.NO_PROFILES);
        }
        return false;
    }

    private static byte[] body(HttpResponse response) throws IOException {
        long length = response.contentLength();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("the service sent a profile of " + length + " bytes");
        }
        byte[] body = new byte[(int) length];
        int filled = 0;
        while (filled < body.length) {
            int count = response.read(body, filled, body.length - filled);
            if (count < 0) {
                throw new EOFException("the service's answer ended too soon");
            }
            filled += count;
        }
        return body;
    }

    private static String path(List<String> keys) {
        StringBuilder path = new StringBuilder(256).append(WirePaths.PROFILE);
        for (int i = 0; i < keys.size(); i++) {
            path.append(i == 0 ? "?key=" : "&key=");
            escape(path, keys.get(i));
        }
        return path.toString();
    }

    private static void escape(StringBuilder path, String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                path.append(c);
            } else {
                path.append('%')
                        .append(Character.forDigit(c >> 4 & 15, 16))
                        .append(Character.forDigit(c & 15, 16));
            }
        }
    }
}
