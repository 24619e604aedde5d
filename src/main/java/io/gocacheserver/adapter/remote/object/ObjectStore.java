package io.gocacheserver.adapter.remote.object;

import io.gocacheserver.adapter.disk.CachedObject;
import io.gocacheserver.adapter.disk.NativeCache;
import io.gocacheserver.adapter.disk.StagedObject;
import io.gocacheserver.adapter.http.ByteSource;
import io.gocacheserver.adapter.zstd.ZstdDecoders;
import io.gocacheserver.model.ActionId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * Stores objects from connections on local disk. An object that it returns has the announced length and hashes to the announced
 * output ID.
 */
public final class ObjectStore {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final NativeCache disk;
    private final ZstdDecoders decoders;
    private final boolean takesTests;
    private final Supplier<@Nullable String> executableName;

    /**
     * @param takesTests whether results of tests are wanted
     * @param executableName as {@link NativeCache} has it
     */
    public ObjectStore(
            NativeCache disk,
            ZstdDecoders decoders,
            boolean takesTests,
            Supplier<@Nullable String> executableName) {
        this.disk = disk;
        this.decoders = decoders;
        this.takesTests = takesTests;
        this.executableName = executableName;
    }

    /**
     * Reads the whole of {@code body}.
     *
     * @throws io.gocacheserver.adapter.disk.LocalDiskException if it cannot be written
     * @throws io.gocacheserver.adapter.disk.ObjectMismatchException if it is something else
     * @throws UnwantedObjectException if it is the result of a test, and these are not wanted
     * @throws io.gocacheserver.adapter.disk.NamelessExecutableException if it is an executable without a name
     */
    CachedObject store(ActionId action, AnnouncedObject announced, ByteSource body)
            throws IOException {
        try (StagedObject staged = disk.stageForeign(announced.output(), announced.size())) {
            if (announced.coded()) {
                decoders.decode(body, staged);
            } else {
                copy(body, staged, announced.size());
            }
            if (!takesTests && staged.isTestResult()) {
                throw new UnwantedObjectException(announced.output());
            }
            return disk.commit(staged, action, announced.unixNanos(), executableName);
        }
    }

    private static void copy(ByteSource body, StagedObject staged, long size) throws IOException {
        byte[] buffer = new byte[Math.clamp(size, 1, BUFFER_BYTES)];
        for (int count = body.read(buffer, 0, buffer.length);
                count >= 0;
                count = body.read(buffer, 0, buffer.length)) {
            staged.write(buffer, 0, count);
        }
    }
}
