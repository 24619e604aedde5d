package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * An object as the index knows it.
 *
 * @param data what is kept, where that lives in the index, else null: it is in a blob
 */
@SuppressWarnings("ArrayRecordComponent") // a row on its way, never compared
public record IndexedObject(
        long id, OutputId output, long size, long stored, Coding coding, byte @Nullable [] data) {

    private static final List<Coding> CODINGS = List.of(Coding.IDENTITY, Coding.ZSTD);

    /** From the columns id, output_id, size, stored, coding, data. */
    static IndexedObject of(ResultSet row) throws SQLException {
        return new IndexedObject(
                row.getLong(1),
                OutputId.of(row.getBytes(2)),
                row.getLong(3),
                row.getLong(4),
                coding(row.getInt(5)),
                row.getBytes(6));
    }

    static int column(Coding coding) {
        return CODINGS.indexOf(coding);
    }

    static Coding coding(int column) throws SQLException {
        if (column < 0 || column >= CODINGS.size()) {
            throw new DamagedIndexException("a row names the coding " + column);
        }
        return CODINGS.get(column);
    }
}
