package io.gocacheserver.disk.blobs;

import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.StoreReport.FoundBy;
import io.gocacheserver.disk.index.IndexedObject;
import io.gocacheserver.disk.index.ObjectRows.Known;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * From an object's row to its bytes: with a lease, if they are in a file, and hashed first, if this process has not seen
 * yet that they are right. Objects that are damaged or missing are removed.
 */
public final class StoredContents {

    private static final int CHECK_LOCKS = 64;

    private final DiskLayout layout;
    private final Leases leases;
    private final CheckedObjects checked;
    private final Damage damage;
    private final Object[] checkLocks = new Object[CHECK_LOCKS];

    public StoredContents(DiskLayout layout, Leases leases, CheckedObjects checked, Damage damage) {
        this.layout = layout;
        this.leases = leases;
        this.checked = checked;
        this.damage = damage;
        for (int i = 0; i < CHECK_LOCKS; i++) {
            checkLocks[i] = new Object();
        }
    }

    /** Whether what a row says is known to be right. Only looks, and hashes nothing. */
    public boolean areIntact(Known known) {
        return checked.contains(known.id())
                && (!known.inBlob()
                        || layout.blob(known.output(), known.coding()).toFile().length()
                                == known.stored());
    }

    /** An object's bytes; null if they are not there or not right, after which the object is no longer in the index. */
    public @Nullable Content of(IndexedObject object, FoundBy by) throws SQLException, IOException {
        byte[] data = object.data();
        Content content;
        if (data != null) {
            content = new Content.InMemory(data, object.coding(), object.size());
        } else {
            Path blob = layout.blob(object.output(), object.coding());
            leases.take(object.output());
            try {
                long length = Files.size(blob);
                if (length != object.stored()) {
                    damage.remove(
                            object,
                            "its blob has %d bytes, not %d".formatted(length, object.stored()),
                            by);
                    return null;
                }
            } catch (NoSuchFileException e) {
                damage.removeMissing(object, by);
                return null;
            }
            content = new Content.InFile(blob, object.stored(), object.coding(), object.size());
        }
        return checked.contains(object.id()) || isRight(object, content, by) ? content : null;
    }

    /** Requests for the same object wait for one check. */
    private boolean isRight(IndexedObject object, Content content, FoundBy by)
            throws SQLException, IOException {
        synchronized (checkLocks[(int) (object.id() % CHECK_LOCKS)]) {
            if (checked.contains(object.id())) {
                return true;
            }
            String fault;
            try {
                fault = ObjectCheck.fault(object.output(), content);
            } catch (NoSuchFileException e) {
                damage.removeMissing(object, by);
                return false;
            }
            if (fault != null) {
                damage.remove(object, fault, by);
                return false;
            }
            checked.add(object.id());
            return true;
        }
    }
}
