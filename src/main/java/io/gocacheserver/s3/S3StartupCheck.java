package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.TierException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/** Tries the bucket once when the service has started, so that a wrong setting is said before the first build needs S3. */
final class S3StartupCheck implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(S3StartupCheck.class);

    private final S3Tier s3;

    S3StartupCheck(S3Tier s3) {
        this.s3 = s3;
    }

    /** Returns at once. */
    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        Thread.ofVirtual().name("s3-startup-check").start(this::check);
    }

    private void check() {
        try {
            s3.check();
        } catch (TierException e) {
            log.warn(e.getMessage());
        } catch (RuntimeException e) {
            log.debug("the service ends before it has tried its bucket", e);
        }
    }
}
