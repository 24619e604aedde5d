package io.gocacheserver.disk.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.disk.index.IndexWriter.Known;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/** The part of the index that is in memory follows each commit, by any caller. */
class IndexTest {

    private final TestObject object = TestObject.ofSize(10);
    private final TestObject other = TestObject.ofSize(20);
    @AutoClose private Index index;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        index = Index.open(directory.resolve("index.db"), 1 << 20, 1);
        put(object, object);
        assertThat(found()).contains(object);
    }

    @Test
    void anActionThatIsReplacedIsFoundWithItsNewObject() throws SQLException {
        put(object, other);
        assertThat(found()).contains(other);
    }

    @Test
    void anActionThatIsDeletedIsNotFound() throws SQLException {
        index.change(writer -> Optional.ofNullable(writer.deleteAction(object.key())));
        assertThat(found()).isEmpty();
    }

    @Test
    void anActionWhoseObjectIsDeletedIsNotFound() throws SQLException {
        index.change(writer -> writer.deleteObject(known(writer)));
        assertThat(found()).isEmpty();
    }

    @Test
    void anActionWhoseObjectIsReplacedIsFoundWithTheNewRow() throws SQLException {
        long row = index.change(writer -> writer.replaceObject(known(writer), staged(object)));
        assertThat(index.find(object.key()).orElseThrow().object().id()).isEqualTo(row);
    }

    private Known known(IndexWriter writer) throws SQLException {
        return Objects.requireNonNull(writer.find(object.output()));
    }

    private void put(TestObject action, TestObject produced) throws SQLException {
        index.change(
                writer -> {
                    long row = writer.insertObject(staged(produced));
                    writer.putAction(action.key(), row, 1, 1, Provenance.UNKNOWN);
                    return row;
                });
    }

    /** The object to which the action leads. */
    private Optional<TestObject> found() throws SQLException {
        return index.find(object.key())
                .map(row -> row.object().output().equals(other.output()) ? other : object);
    }

    private static StagedObject staged(TestObject object) {
        return new StagedObject(
                object.output(),
                object.size(),
                object.size(),
                Coding.IDENTITY,
                object.bytes(),
                null);
    }
}
