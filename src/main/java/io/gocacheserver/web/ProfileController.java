package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.profile.ProfileKey;
import io.gocacheserver.profile.Profiles;
import io.gocacheserver.wire.ActionList;
import io.gocacheserver.wire.ProblemType;
import io.gocacheserver.wire.UsedActions;
import io.gocacheserver.wire.WireHeaders;
import io.gocacheserver.wire.WirePaths;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code /profile?key=…}: build profiles. A Get answers for the first of the keys that is known. A Post notes a build
 * under each of them, and answers with the actions that the cache lacks.
 */
@RestController
class ProfileController {

    private static final int MAX_KEYS = 8;
    private static final String CONTENT_TYPE = "application/octet-stream";

    private final Profiles profiles;
    private final RequestMemory memory;

    ProfileController(Profiles profiles, RequestMemory memory) {
        this.profiles = profiles;
        this.memory = memory;
    }

    @GetMapping(WirePaths.PROFILE)
    void read(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException {
        List<ProfileKey> keys = keys(request);
        try (RequestMemory.Reservation reserved = memory.reserve(request, profiles.readBytes())) {
            Optional<Profiles.Found> found = profiles.read(access, keys);
            if (found.isEmpty()) {
                ProblemWriter.write(response, ProblemType.MISS, null);
                return;
            }
            byte[] profile = found.get().profile().encoded();
            reserved.shrinkTo(profile.length);
            response.setHeader(WireHeaders.PROFILE_KEY_INDEX, Integer.toString(found.get().key()));
            response.setHeader("Cache-Control", "no-store");
            Traffic.meterOf(request).accept(profile.length);
            write(response, profile);
        }
    }

    @PostMapping(WirePaths.PROFILE)
    void note(Access access, HttpServletRequest request, HttpServletResponse response)
            throws IOException, TierException, InterruptedException {
        List<ProfileKey> keys = keys(request);
        try (RequestBody body =
                RequestBody.readActions(
                        request, memory, Profiles.MAX_ACTIONS, 1, ProfileController::noteBytes)) {
            UsedActions used = UsedActions.decode(body.bytes());
            profiles.write(access, keys, used);
            byte[] missing = ActionList.encode(profiles.missing(access, used));
            Traffic.meterOf(request).accept(missing.length);
            write(response, missing);
        }
    }

    /** The body, the profile made of it and the answer; and the IDs of both as objects. */
    private static long noteBytes(long actions, long bytes) {
        return 7 * bytes + 160 * actions;
    }

    private static List<ProfileKey> keys(HttpServletRequest request) {
        List<String> texts = QueryParameters.of(request).all("key");
        if (texts.isEmpty() || texts.size() > MAX_KEYS) {
            throw new ProblemException(
                    ProblemType.BAD_REQUEST,
                    "/profile needs 1 to %d parameters key, not %d"
                            .formatted(MAX_KEYS, texts.size()));
        }
        return texts.stream().map(ProfileKey::new).toList();
    }

    private static void write(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType(CONTENT_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
