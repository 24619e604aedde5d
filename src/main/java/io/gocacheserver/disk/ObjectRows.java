package io.gocacheserver.disk;

import io.gocacheserver.cache.Coding;
import io.gocacheserver.model.OutputId;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The table {@code object}, as the writer changes it. */
final class ObjectRows {

    /** What the index says of an object, without its data. */
    record Known(long id, OutputId output, long size, long stored, Coding coding, boolean inBlob) {}

    private static final String COLUMNS =
            "SELECT id, output_id, size, stored, coding, data IS NULL FROM object ";
    private static final int IDENTITY = 0;
    private static final int ZSTD = 1;

    private final PreparedStatement byOutput;
    private final PreparedStatement byId;
    private final PreparedStatement insert;
    private final PreparedStatement replace;
    private final PreparedStatement delete;

    ObjectRows(Connection connection) throws SQLException {
        byOutput = connection.prepareStatement(COLUMNS + "WHERE output_id = ?");
        byId = connection.prepareStatement(COLUMNS + "WHERE id = ?");
        insert =
                connection.prepareStatement(
                        "INSERT INTO object (size, stored, coding, data, output_id) VALUES (?, ?, ?, ?, ?) RETURNING id");
        replace =
                connection.prepareStatement(
                        "UPDATE object SET size = ?, stored = ?, coding = ?, data = ? WHERE id = ?");
        delete = connection.prepareStatement("DELETE FROM object WHERE id = ?");
    }

    /** The coding that a row records. */
    static Coding coding(int column) throws SQLException {
        return switch (column) {
            case IDENTITY -> Coding.IDENTITY;
            case ZSTD -> Coding.ZSTD;
            default -> throw new SQLException("the index names a coding %d".formatted(column));
        };
    }

    private static int column(Coding coding) {
        return switch (coding) {
            case IDENTITY -> IDENTITY;
            case ZSTD -> ZSTD;
        };
    }

    @Nullable Known find(OutputId output) throws SQLException {
        byOutput.setBytes(1, output.bytes());
        return first(byOutput);
    }

    @Nullable Known find(long id) throws SQLException {
        byId.setLong(1, id);
        return first(byId);
    }

    long insert(StagedObject object) throws SQLException {
        set(insert, object);
        insert.setBytes(5, object.output().bytes());
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    void replace(long id, StagedObject object) throws SQLException {
        set(replace, object);
        replace.setLong(5, id);
        replace.executeUpdate();
    }

    void delete(long id) throws SQLException {
        delete.setLong(1, id);
        delete.executeUpdate();
    }

    private static void set(PreparedStatement statement, StagedObject object) throws SQLException {
        statement.setLong(1, object.size());
        statement.setLong(2, object.stored());
        statement.setInt(3, column(object.coding()));
        statement.setBytes(4, object.data());
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
