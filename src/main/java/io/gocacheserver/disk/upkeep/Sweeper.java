package io.gocacheserver.disk.upkeep;

import com.github.luben.zstd.ZstdIOException;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.blobs.Blobs;
import io.gocacheserver.disk.blobs.CheckedObjects;
import io.gocacheserver.disk.blobs.Damage;
import io.gocacheserver.disk.blobs.DiskLayout;
import io.gocacheserver.disk.blobs.ObjectCheck;
import io.gocacheserver.disk.index.Index;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.ObjectRows.Known;
import io.gocacheserver.disk.index.StagedObject;
import io.gocacheserver.model.InvalidIdException;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Sees to blobs that have no row, which a death between two steps leaves behind, or the loss of the index. They are
 * deleted; or, if the index was lost, hashed and taken into the new one, as objects to which actions may come to lead
 * again.
 */
public final class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final DiskLayout layout;
    private final Index index;
    private final CheckedObjects checked;
    private final Damage damage;
    private final Blobs blobs;
    private final UseClock uses;

    /** The result of a sweep. */
    record Swept(long adopted, long deleted) {}

    private record Name(OutputId output, Coding coding) {}

    public Sweeper(
            DiskLayout layout,
            Index index,
            CheckedObjects checked,
            Damage damage,
            Blobs blobs,
            UseClock uses) {
        this.layout = layout;
        this.index = index;
        this.checked = checked;
        this.damage = damage;
        this.blobs = blobs;
        this.uses = uses;
    }

    /**
     * Goes through all blobs.
     *
     * @param adopt whether those without a row are taken in, rather than deleted
     * @throws InterruptedException if the thread is; what is left is left
     */
    Swept sweep(boolean adopt) throws SQLException, IOException, InterruptedException {
        long adopted = 0;
        long deleted = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(layout.blobs())) {
            for (Path folder : folders) {
                if (!Files.isDirectory(folder)) {
                    continue;
                }
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path blob : files) {
                        if (Thread.interrupted()) {
                            throw new InterruptedException();
                        }
                        Name name = name(blob);
                        if (name == null || hasRow(name)) {
                            continue;
                        }
                        try {
                            long stored = Files.size(blob);
                            if (adopt && adopt(name, blob)) {
                                adopted++;
                            } else if (delete(name, blob)) {
                                deleted++;
                            }
                            blobs.known(stored);
                        } catch (NoSuchFileException e) {
                            log.debug("[disk] {} has been deleted since it was listed", blob);
                        }
                    }
                }
            }
        }
        return new Swept(adopted, deleted);
    }

    /** The meaning of a blob's name; null if the store did not write it, and so leaves it alone. */
    private static @Nullable Name name(Path blob) {
        String file = String.valueOf(blob.getFileName());
        boolean compressed = file.endsWith(DiskLayout.suffix(Coding.ZSTD));
        String hex =
                compressed
                        ? file.substring(0, file.length() - DiskLayout.suffix(Coding.ZSTD).length())
                        : file;
        try {
            return new Name(new OutputId(hex), compressed ? Coding.ZSTD : Coding.IDENTITY);
        } catch (InvalidIdException e) {
            log.warn("[disk] {} is not a file of this cache, and is left alone", blob);
            return null;
        }
    }

    private boolean hasRow(Name name) throws SQLException {
        Optional<IndexedObject> row = index.find(name.output());
        return row.isPresent() && row.get().data() == null && row.get().coding() == name.coding();
    }

    private boolean adopt(Name name, Path blob) throws SQLException, IOException {
        long stored = Files.size(blob);
        long size;
        try (InputStream in = name.coding().decode(Files.newInputStream(blob))) {
            size = length(in);
        } catch (ZstdIOException | EOFException e) {
            damage.report(FoundBy.RECOVERY, "blob %s is damaged: %s".formatted(blob, e));
            return false;
        }
        Content content = new Content.InFile(blob, stored, name.coding(), size);
        String fault = ObjectCheck.fault(name.output(), content);
        if (fault != null) {
            damage.report(FoundBy.RECOVERY, "blob %s is damaged: %s".formatted(blob, fault));
            return false;
        }
        var object = new StagedObject(name.output(), size, stored, name.coding(), null, null);
        return index.change(
                writer -> {
                    if (writer.objects().find(name.output()) != null) {
                        return false; // it has been put again in the meantime
                    }
                    long id = writer.insertObject(object);
                    writer.putOrphan(id, uses.next());
                    checked.add(id);
                    return true;
                });
    }

    /** By the index's writer, so that no Put moves the same blob into place in between. */
    private boolean delete(Name name, Path blob) throws SQLException {
        return index.change(
                writer -> {
                    Known now = writer.objects().find(name.output());
                    if (now != null && now.inBlob() && now.coding() == name.coding()) {
                        return false;
                    }
                    try {
                        return Files.deleteIfExists(blob);
                    } catch (IOException e) {
                        throw new SQLException("cannot delete " + blob, e);
                    }
                });
    }

    private static long length(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long length = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            length += n;
        }
        return length;
    }
}
