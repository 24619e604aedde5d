package io.gocacheserver.disk.index;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.ReadOnlyFileSystemException;

/** The meaning of a failure of the store, by the codes of SQLite and the texts of the file system. */
public enum SqlFailure {
    DAMAGED, // the index is damaged: it can only be rebuilt
    FULL,
    READ_ONLY,
    BUSY,
    UNUSABLE,
    OTHER;

    public static SqlFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return of(sqlite.getResultCode());
            }
            if (cause instanceof DamagedIndexException) {
                return DAMAGED;
            }
            if (cause instanceof NoRoomException) {
                return FULL;
            }
            if (cause instanceof ReadOnlyFileSystemException) {
                return READ_ONLY;
            }
            String message = String.valueOf(cause.getMessage());
            if (message.contains("No space left") || message.contains("quota exceeded")) {
                return FULL;
            }
            if (message.contains("Read-only file system")) {
                return READ_ONLY;
            }
        }
        return OTHER;
    }

    private static SqlFailure of(SQLiteErrorCode code) {
        return switch (code) {
            case SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ -> DAMAGED;
            case SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE -> FULL;
            // The low byte is the kind of failure, the rest says more about it.
            default ->
                    switch (code.code & 0xff) {
                        case 11, 26 -> DAMAGED; // SQLITE_CORRUPT, SQLITE_NOTADB
                        case 13 -> FULL; // SQLITE_FULL
                        case 8 -> READ_ONLY; // SQLITE_READONLY
                        case 5, 6 -> BUSY; // SQLITE_BUSY, SQLITE_LOCKED
                        case 3, 10, 14, 23 -> UNUSABLE; // SQLITE_PERM, _IOERR, _CANTOPEN, _AUTH
                        default -> OTHER;
                    };
        };
    }
}
