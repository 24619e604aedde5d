package io.gocacheserver.adapter.remote.service;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.LocalDiskException;
import io.gocacheserver.adapter.disk.NamelessExecutableException;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.ObjectMismatchException;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.remote.FetchResult;
import io.gocacheserver.adapter.remote.access.Failure;
import io.gocacheserver.adapter.remote.access.ServiceAccess;
import io.gocacheserver.adapter.remote.access.ServiceAccess.Trait;
import io.gocacheserver.adapter.zstd.ZstdDecoders.BrokenFrameException;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * Stores objects from connections on local disk. One that is a hit has the announced length and hashes to the announced
 * output ID.
 *
 * @param takesTests whether results of tests are wanted
 * @param executableName as {@link NativeCache} has it
 */
record ObjectStore(
        ServiceAccess service,
        NativeCache disk,
        boolean takesTests,
        Supplier<@Nullable String> executableName) {

    private static final int BUFFER_BYTES = 64 * 1024;

    /**
     * Reads the whole of {@code body}; null for an executable without a name.
     *
     * @throws IOException if it does not come
     */
    @Nullable FetchResult store(ActionId action, AnnouncedObject announced, InputStream body)
            throws IOException {
        try (StagedObject staged = disk.stageForeign(announced.output(), announced.size())) {
            if (announced.coded()) {
                service.decoders.decode(body, staged);
            } else {
                copy(body, staged, announced.size());
            }
            if (!takesTests && staged.isTestResult()) {
                return new FetchResult.Miss();
            }
            CachedObject object =
                    disk.commit(staged, action, announced.unixNanos(), executableName);
            service.learn(Trait.PROVEN);
            service.know(object.output(), true);
            return new FetchResult.Hit(object, announced.length());
        } catch (NamelessExecutableException e) {
            return null;
        } catch (LocalDiskException e) {
            return new FetchResult.DiskFailed(Failure.reason(e));
        } catch (ObjectMismatchException | BrokenFrameException e) {
            return new FetchResult.ServiceFailed("it sent something else: " + Failure.reason(e));
        }
    }

    private static void copy(InputStream body, StagedObject staged, long size) throws IOException {
        byte[] buffer = new byte[Math.clamp(size, 1, BUFFER_BYTES)];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            staged.write(buffer, 0, count);
        }
    }
}
