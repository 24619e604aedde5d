package io.gocacheserver.disk;

import io.gocacheserver.cache.tier.DocumentLimits;
import io.gocacheserver.cache.tier.LocalDocuments;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.disk.index.Totals;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents in a folder, a file each, those of a namespace other than global in a folder within it. A file is written beside
 * it first, and then takes its place. They have a bound of their own.
 */
public final class DocumentFiles implements LocalDocuments {

    private static final String UNFINISHED = ".tmp";
    private static final String GLOBAL = "";

    private final Path folder;
    private final long maxBytes;
    private long bytes;
    private boolean counted;

    private record Document(String namespace, Path path, long bytes, long millis) {}

    /**
     * @param folder created with the first document
     */
    public DocumentFiles(Path folder, DocumentLimits limits) {
        this.folder = folder;
        this.maxBytes = limits.maxBytes();
    }

    @Override
    public Optional<byte[]> read(String name) throws TierException {
        Path file = folder.resolve(name);
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new TierException.LocalRead("read %s: %s".formatted(file, e), e);
        }
    }

    @Override
    public synchronized void write(String name, byte[] document) throws TierException {
        Path file = folder.resolve(name);
        Path unfinished = folder.resolve(name + UNFINISHED);
        try {
            Files.createDirectories(file.getParent());
            if (!counted) {
                count();
            }
            long before = size(file);
            Files.write(unfinished, document);
            Files.move(
                    unfinished,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            bytes += Totals.allocated(document.length) - before;
            if (bytes > maxBytes) {
                trim();
            }
        } catch (IOException e) {
            boolean ignored = unfinished.toFile().delete(); // else the next count does it
            throw new TierException.LocalWrite("write %s: %s".formatted(file, e), e);
        }
    }

    @Override
    public synchronized long bytes() {
        try {
            if (!counted && Files.isDirectory(folder)) {
                count();
            }
        } catch (IOException e) {
            return 0; // the next read or write says what is wrong
        }
        return bytes;
    }

    private void count() throws IOException {
        bytes = documents().stream().mapToLong(Document::bytes).sum();
        counted = true;
    }

    /** Deletes as {@link LocalDocuments} says, down to nine tenths of the bound. */
    private void trim() throws IOException {
        long goal = maxBytes / 10 * 9;
        List<Document> documents = documents();
        documents.sort(Comparator.comparingLong(Document::millis));
        Map<String, Long> sizes = new HashMap<>();
        documents.forEach(each -> sizes.merge(each.namespace(), each.bytes(), Long::sum));
        bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
        long others = bytes - sizes.getOrDefault(GLOBAL, 0L);
        while (bytes > goal) {
            String from = others > goal / 2 ? largest(sizes) : GLOBAL;
            Document oldest =
                    documents.stream()
                            .filter(each -> each.namespace().equals(from))
                            .findFirst()
                            .orElseThrow();
            Files.deleteIfExists(oldest.path());
            documents.remove(oldest);
            bytes -= oldest.bytes();
            others -= from.equals(GLOBAL) ? 0 : oldest.bytes();
            if (sizes.merge(from, -oldest.bytes(), Long::sum) == 0 && !from.equals(GLOBAL)) {
                Files.deleteIfExists(folder.resolve(from));
            }
        }
    }

    private static String largest(Map<String, Long> sizes) {
        return sizes.entrySet().stream()
                .filter(each -> !each.getKey().equals(GLOBAL))
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private List<Document> documents() throws IOException {
        List<Document> documents = new ArrayList<>();
        add(GLOBAL, folder, documents);
        return documents;
    }

    private static void add(String namespace, Path directory, List<Document> documents)
            throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else if (namespace.equals(GLOBAL) && Files.isDirectory(file)) {
                    add(String.valueOf(file.getFileName()), file, documents);
                } else {
                    documents.add(
                            new Document(
                                    namespace,
                                    file,
                                    size(file),
                                    Files.getLastModifiedTime(file).toMillis()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static long size(Path file) {
        long length = file.toFile().length();
        return length == 0 ? 0 : Totals.allocated(length);
    }
}
