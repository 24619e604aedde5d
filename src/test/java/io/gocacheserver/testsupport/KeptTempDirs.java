package io.gocacheserver.testsupport;

import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the folders of {@code @TempDir} in one folder, which is removed when all tests have ended. To remove each after its
 * test costs others a third of their CPU: for each new file ext4 looks at all inodes that were freed in the last five
 * seconds.
 */
public final class KeptTempDirs implements TempDirFactory {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Path ALL = create();

    private static Path create() {
        try {
            Path all = Files.createTempDirectory("tests-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Directories.remove(all)));
            return all;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
            throws IOException {
        return Files.createDirectory(ALL.resolve(String.valueOf(NUMBERS.incrementAndGet())));
    }
}
