package io.gocacheserver.adapter.remote.prefetch;

import io.gocacheserver.adapter.http.BytesBody;
import io.gocacheserver.adapter.http.HttpRequest;
import io.gocacheserver.adapter.http.HttpResponse;
import io.gocacheserver.adapter.http.Status;
import io.gocacheserver.adapter.remote.access.Gate;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.Trait;
import io.gocacheserver.adapter.text.JsonText;
import io.gocacheserver.model.ActionFilter;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WirePaths;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What the service is told at the start and at the end of a build, in JSON. */
public final class BuildRequests {

    /** More than the actions of any build. */
    private static final int MAX_ANSWER = 4 << 20;

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private BuildRequests() {}

    /**
     * What a build says at its start.
     *
     * @param have the actions that are here, or null for none
     */
    static byte[] start(String facts, @Nullable ActionFilter have) {
        JsonText json = new JsonText();
        json.object("build", facts);
        if (have != null) {
            byte[] bits = new byte[have.size()];
            have.copyTo(bits, 0);
            json.string("have", Base64.getEncoder().encodeToString(bits));
        }
        return json.end().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Tells what a build used. Blocks.
     *
     * @return the actions that the service lacks, and this machine has; null if it did not say
     */
    public static @Nullable List<ActionId> used(
            ServiceAccess service, Gate gate, String facts, List<UsedActions.Use> uses) {
        if (service.is(Trait.NO_PROFILES) || uses.isEmpty() || !gate.isPassable()) {
            return null;
        }
        JsonText json = new JsonText();
        json.object("build", facts);
        json.string("used", Base64.getEncoder().encodeToString(UsedActions.encode(uses)));
        HttpRequest request =
                HttpRequest.post(
                        WirePaths.PREFETCH_USED,
                        service.jsonHeaders(),
                        new BytesBody(json.end().getBytes(StandardCharsets.UTF_8)));
        try (HttpResponse response = service.client.send(request, LIMIT)) {
            if (response.status() != Status.OK) {
                learn(service, response);
                return null;
            }
            ActionList missing = ActionList.decode(response.whole(MAX_ANSWER));
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

    /** A 404 that no problem details come with is another server's, which is not asked again. */
    static void learn(ServiceAccess service, HttpResponse response) {
        int status = response.status();
        String type = response.header("Content-Type");
        boolean ours = type != null && type.startsWith("application/problem+json");
        if (status == Status.NOT_FOUND
                || status == Status.NOT_ALLOWED
                || status == Status.BAD_REQUEST) {
            service.learn(ours ? Trait.CACHE : Trait.NO_PROFILES);
        }
    }
}
