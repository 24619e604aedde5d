package io.gocacheserver.endtoend.resident;

import io.gocacheserver.endtoend.ResidentMachine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The adapter's directory, copied. */
final class AdapterCopy {

    private AdapterCopy() {}

    /** One that takes itself for another version; its launcher. */
    static Path ofVersion(String version, Path directory) throws IOException {
        Path original = ResidentMachine.launcher().resolve("../..").normalize();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Path target = directory.resolve(original.relativize(file).toString());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.writeString(directory.resolve("lib/version"), version + '\n');
        Path jar = Path.of("lib/go-cache-adapter.jar");
        copyJar(original.resolve(jar), directory.resolve(jar), version);
        return directory.resolve("bin/go-cache-adapter");
    }

    private static void copyJar(Path from, Path to, String version) throws IOException {
        try (JarFile jar = new JarFile(from.toFile())) {
            Manifest manifest = jar.getManifest();
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            try (OutputStream file = Files.newOutputStream(to);
                    JarOutputStream copy = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !entry.isDirectory()) {
                        copy.putNextEntry(new JarEntry(entry.getName()));
                        jar.getInputStream(entry).transferTo(copy);
                    }
                }
            }
        }
    }
}
