package io.gocacheserver.disk.index;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table {@code object}, as the writer changes it. */
public final class ObjectRows {

    /** The row of an object, without its data. */
    public record Known(
            long id, OutputId output, long size, long stored, Coding coding, boolean inBlob) {}

    private static final String COLUMNS =
            "SELECT id, output_id, size, stored, coding, data IS NULL FROM object ";
    private static final int IDENTITY = 0;
    private static final int ZSTD = 1;

    private final PreparedStatement byOutput;
    private final PreparedStatement byId;
    private final PreparedStatement insert;
    private final PreparedStatement last;
    private final PreparedStatement delete;

    ObjectRows(PreparedStatements statements) throws SQLException {
        byOutput = statements.prepare(COLUMNS + "WHERE output_id = ?");
        byId = statements.prepare(COLUMNS + "WHERE id = ?");
        insert =
                statements.prepare(
                        "INSERT INTO object (size, stored, coding, data, output_id, id) VALUES (?, ?, ?, ?, ?, ?)");
        last = statements.prepare("SELECT max(id) FROM object");
        delete = statements.prepare("DELETE FROM object WHERE id = ?");
    }

    /** The coding that a row records. */
    static Coding coding(int column) throws SQLException {
        return switch (column) {
            case IDENTITY -> Coding.IDENTITY;
            case ZSTD -> Coding.ZSTD;
            default -> throw new DamagedIndexException("a row names the coding " + column);
        };
    }

    private static int column(Coding coding) {
        return switch (coding) {
            case IDENTITY -> IDENTITY;
            case ZSTD -> ZSTD;
        };
    }

    public @Nullable Known find(OutputId output) throws SQLException {
        byOutput.setBytes(1, output.bytes());
        return first(byOutput);
    }

    public @Nullable Known find(long id) throws SQLException {
        byId.setLong(1, id);
        return first(byId);
    }

    void insert(long id, StagedObject object) throws SQLException {
        insert.setLong(1, object.size());
        insert.setLong(2, object.stored());
        insert.setInt(3, column(object.coding()));
        insert.setBytes(4, object.data());
        insert.setBytes(5, object.output().bytes());
        insert.setLong(6, id);
        insert.executeUpdate();
    }

    /** The highest row, 0 if there is none. */
    long last() throws SQLException {
        try (ResultSet row = last.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    void delete(long id) throws SQLException {
        delete.setLong(1, id);
        delete.executeUpdate();
    }

    private static @Nullable Known first(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next()
                    ? new Known(
                            row.getLong(1),
                            OutputId.of(row.getBytes(2)),
                            row.getLong(3),
                            row.getLong(4),
                            coding(row.getInt(5)),
                            row.getBoolean(6))
                    : null;
        }
    }
}
