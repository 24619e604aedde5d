package io.gocacheserver.disk;

import java.sql.SQLException;

/** The index can be read, but says what cannot be. */
final class DamagedIndexException extends SQLException {

    private static final long serialVersionUID = 1L;

    DamagedIndexException(String message) {
        super(message);
    }
}
