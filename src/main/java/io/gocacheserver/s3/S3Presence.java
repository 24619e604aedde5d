package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Whether the bucket has an object already: HEAD with {@code If-Match: "<md5>"}, and where the server ignores that, the
 * ETag that it returns is compared.
 *
 * <p>A server that refuses to say is sent the object. If it refuses again right after it has taken one, it refuses all of
 * these requests, and is not asked any more: 403, for one, may also stand for an object that is not there.
 */
final class S3Presence {

    private static final Logger log = LoggerFactory.getLogger(S3Presence.class);

    private final S3Requests requests;
    private volatile boolean answers;
    private volatile boolean refuses;

    S3Presence(S3Requests requests) {
        this.requests = requests;
    }

    boolean has(String key, String md5, Duration timeout) throws TierException {
        return !refuses && ask(key, md5, timeout) == Presence.PRESENT;
    }

    /** The object has been sent; to be called after each. */
    void sent(String key, String md5, Duration timeout) {
        if (answers || refuses) {
            return;
        }
        try {
            refuses = ask(key, md5, timeout) == Presence.NOT_SAID;
        } catch (TierException e) {
            log.debug("HEAD with If-Match failed; whether S3 supports it shows at the next one", e);
        }
    }

    private Presence ask(String key, String md5, Duration timeout) throws TierException {
        Presence presence = requests.presence(key, md5, timeout);
        if (presence != Presence.NOT_SAID) {
            answers = true;
        }
        return presence;
    }

    /** The answer of a server about one object. */
    enum Presence {
        PRESENT,
        ABSENT,
        NOT_SAID
    }
}
