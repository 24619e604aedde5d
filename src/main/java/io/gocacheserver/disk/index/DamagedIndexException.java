package io.gocacheserver.disk.index;

import java.sql.SQLException;

/** The index can be read, but says what cannot be. */
public final class DamagedIndexException extends SQLException {

    private static final long serialVersionUID = 1L;

    public DamagedIndexException(String message) {
        super(message);
    }
}
