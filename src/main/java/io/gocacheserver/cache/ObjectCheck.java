package io.gocacheserver.cache;

import com.github.luben.zstd.ZstdIOException;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.cache.tier.ObjectMismatchException;
import io.gocacheserver.cache.tier.ObjectSourceException;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.UploadBody;
import io.gocacheserver.model.OutputId;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** One pass over a local object before it is sent: what is damaged here is not to be passed on to all replicas. */
final class ObjectCheck {

    private static final int BUFFER_SIZE = 64 * 1024;

    private ObjectCheck() {}

    /**
     * Verifies that the content is this object, and computes the hashes of what will be sent.
     *
     * @throws ObjectMismatchException if the content is damaged
     */
    static UploadBody check(OutputId output, Content content, Coding coding)
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
}
