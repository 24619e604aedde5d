package io.gocacheserver.cache;

import static io.gocacheserver.cache.CacheCounter.PUT_S3_ACTION;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_ERROR;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_FOUND;
import static io.gocacheserver.cache.CacheCounter.PUT_S3_OBJECT;

import com.github.luben.zstd.ZstdIOException;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.RemoteTier.UploadBody;
import io.gocacheserver.cache.tier.StoreReport;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.Upload;
import io.gocacheserver.model.OutputId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Sends one object and its action record to the remote tier: the object first, verified, so that a reader never finds an
 * action without its object and a damaged one goes nowhere. One timeout covers all. A file of a module is one object and no
 * record.
 */
public final class Uploader {

    private static final int BUFFER_SIZE = 64 * 1024;
    private static final Logger log = LoggerFactory.getLogger(Uploader.class);

    private final LocalTier local;
    private final LocalCatalogue damaged;
    private final RemoteTier remote;
    private final CacheCounters counters;
    private final Duration timeout;
    private final LongSupplier nanoTime;

    /**
     * @param timeout for one upload, object and action together
     */
    public Uploader(
            LocalTier local,
            LocalCatalogue damaged,
            RemoteTier remote,
            CacheCounters counters,
            Duration timeout,
            LongSupplier nanoTime) {
        this.local = local;
        this.damaged = damaged;
        this.remote = remote;
        this.counters = counters;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /** Tries once. The outcome is counted here; the upload queue logs it, and decides what follows. */
    public UploadResult upload(Upload upload) {
        UploadResult result = attempt(upload);
        if (!(result instanceof UploadResult.Done)) {
            counters.increment(PUT_S3_ERROR);
        }
        if (result instanceof UploadResult.Failed(Exception cause)) {
            log.debug("upload of action {} failed", upload.entry().action(), cause);
        }
        return result;
    }

    private UploadResult attempt(Upload upload) {
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        OutputId output = upload.entry().output();
        try {
            // Stage 1: the object as it is on disk, verified.
            Optional<Content> content = local.find(output);
            if (content.isEmpty()) {
                return new UploadResult.Lost("object %s is gone".formatted(output));
            }
            if (upload.entry().key().namespace().isModules()) {
                UploadBody file = check(output, content.get(), Coding.IDENTITY);
                remote.putFile(upload.entry(), file, remaining(deadline, upload));
                return new UploadResult.Done();
            }
            Coding coding = remote.codingFor(content.get());
            UploadBody body = check(output, content.get(), coding);
            // Stage 2: the object, unless it is there already.
            RemoteTier.Offer offer = remote.putObject(output, body, remaining(deadline, upload));
            counters.increment(
                    switch (offer) {
                        case FOUND -> PUT_S3_FOUND;
                        case SENT -> PUT_S3_OBJECT;
                    });
            // Stage 3: the action record.
            remote.putAction(upload.entry(), remaining(deadline, upload));
            counters.increment(PUT_S3_ACTION);
            return new UploadResult.Done();
        } catch (ObjectMismatchException e) {
            damaged.reportDamaged(output, StoreReport.FoundBy.UPLOAD);
            return new UploadResult.Lost("it is damaged on disk: " + e.getMessage());
        } catch (TierException | RuntimeException e) {
            return new UploadResult.Failed(e);
        }
    }

    /**
     * Verifies that the content is this object, since what is damaged here is not to be passed on to all replicas, and computes
     * the hashes of what will be sent.
     *
     * @throws ObjectMismatchException if the content is damaged
     */
    private static UploadBody check(OutputId output, Content content, Coding coding)
            throws ObjectMismatchException, TierException.LocalRead {
        MessageDigest sent = Digests.md5();
        MessageDigest identity = Digests.md5();
        try (InputStream source =
                        new BufferedInputStream(
                                coding != Coding.IDENTITY
                                        ? new DigestInputStream(content.openStored(), sent)
                                        : content.openStored(),
                                BUFFER_SIZE);
                InputStream object =
                        new VerifiedStream(
                                content.coding().decode(source), output, content.size())) {
            object.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), identity));
            source.transferTo(OutputStream.nullOutputStream());
        } catch (ObjectMismatchException e) {
            throw e;
        } catch (ObjectSourceException e) {
            if (e.getCause() instanceof ZstdIOException) {
                throw new ObjectMismatchException(String.valueOf(e.getMessage()));
            }
            throw failure(output, e);
        } catch (NoSuchFileException e) {
            throw new ObjectMismatchException("object %s: its file is missing".formatted(output));
        } catch (IOException e) {
            throw failure(output, e);
        }
        String identityMd5 = HexFormat.of().formatHex(identity.digest());
        String md5 =
                coding == Coding.IDENTITY ? identityMd5 : HexFormat.of().formatHex(sent.digest());
        return new UploadBody(content, coding, md5, identityMd5);
    }

    private static TierException.LocalRead failure(OutputId output, IOException e) {
        return new TierException.LocalRead(
                "read object %s: %s".formatted(output, e.getMessage()), e);
    }

    private Duration remaining(long deadline, Upload upload) throws TierException {
        long nanos = deadline - nanoTime.getAsLong();
        if (nanos <= 0) {
            throw new TierException.Remote(
                    TierException.Remote.Kind.UNAVAILABLE,
                    "upload of action %s took longer than %s"
                            .formatted(upload.entry().action(), timeout),
                    null);
        }
        return Duration.ofNanos(nanos);
    }

    /** The outcome of one attempt to upload. */
    public sealed interface UploadResult {

        record Done() implements UploadResult {}

        record Failed(Exception cause) implements UploadResult {

            public boolean isOutage() {
                return cause instanceof TierException.Remote remote && remote.isOutage();
            }
        }

        /** It will never work: the local tier no longer has the object, or has it damaged. */
        record Lost(String reason) implements UploadResult {}
    }
}
