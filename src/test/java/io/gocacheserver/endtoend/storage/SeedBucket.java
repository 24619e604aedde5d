package io.gocacheserver.endtoend.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.S3Bucket;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;
import io.gocacheserver.model.UnixNanos;
import io.gocacheserver.testsupport.Sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bucket's content, checked against the form in which go-cache-plugin writes it. That form is written down here a
 * second time on purpose: a mistake in the service's own code must not hide itself.
 *
 * @param actions the action records
 * @param objects the size of each object
 */
record SeedBucket(Map<ActionId, ActionRecord> actions, Map<OutputId, Long> objects) {

    private static final Pattern KEY =
            Pattern.compile("(action|output)/([0-9a-f]{2})/(\\2[0-9a-f]{62})");
    private static final String PROFILES = "profile/";
    private static final Pattern RECORD = Pattern.compile("([0-9a-f]{64}) ([1-9][0-9]{17,18})");

    /** An action's output, and when it was put. */
    record ActionRecord(OutputId output, Instant time) {}

    /**
     * Reads a bucket's folder, in which files' paths are keys. Each must be as the seed would have written it, and no
     * other may be there but build profiles, which the seed does not know and never reads.
     *
     * @param keyPrefix empty, or what stands before each key, without the slash between
     */
    static SeedBucket read(Path folder, String keyPrefix) throws IOException {
        SeedBucket bucket = new SeedBucket(new HashMap<>(), new HashMap<>());
        String start = keyPrefix.isEmpty() ? "" : keyPrefix + "/";
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = folder.relativize(file).toString();
                if (!key.startsWith(S3Bucket.OWN_FOLDER)) {
                    assertThat(key).startsWith(start);
                    String name = key.substring(start.length());
                    if (!name.startsWith(PROFILES)) {
                        bucket.add(name, file);
                    }
                }
            }
        }
        for (ActionRecord action : bucket.actions.values()) {
            assertThat(bucket.objects).as("each action's object").containsKey(action.output());
        }
        return bucket;
    }

    private void add(String name, Path file) throws IOException {
        Matcher key = KEY.matcher(name);
        assertThat(key.matches()).as("key %s", name).isTrue();
        String id = key.group(3);
        if (key.group(1).equals("action")) {
            Matcher fields = RECORD.matcher(Files.readString(file));
            assertThat(fields.matches()).as("record %s", fields).isTrue();
            Instant time = UnixNanos.toInstant(Long.parseLong(fields.group(2)));
            actions.put(new ActionId(id), new ActionRecord(new OutputId(fields.group(1)), time));
        } else {
            assertThat(Sha256.hex(Files.newInputStream(file))).as("key %s", name).isEqualTo(id);
            objects.put(new OutputId(id), Files.size(file));
        }
    }
}
