package io.gocacheserver.module;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.module.ModuleNames.InvalidNameException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file of the GOPROXY protocol (go.dev/ref/mod#goproxy-protocol), or of a checksum database behind it.
 *
 * @param name as it stands in the path behind {@code /mod/}, decoded: {@code github.com/!azure/x/@v/v1.2.3.zip}
 * @param module the module's path, unescaped; empty where a file of a checksum database is about none
 * @param version unescaped; empty where the file is about all of them
 */
record ModuleFile(String name, Kind kind, String module, String version) {

    /** The longest name, in characters. */
    static final int MAX_NAME = 2000;

    private static final long KILOBYTE = 1024;
    private static final long MEGABYTE = 1024 * KILOBYTE;

    /** What the Go command takes as a module's zip, and as a go.mod. */
    static final long MAX_ZIP = 500 * MEGABYTE;

    private static final String SUM_DB = "sumdb/";
    private static final Pattern SUM_DB_NAME =
            Pattern.compile("[A-Za-z0-9._-]+(:[0-9]+)?(/[A-Za-z0-9._-]+)*");

    /** {@code tile/8/0/x001/234.p/56}: height, level or data, number, width. */
    private static final Pattern TILE =
            Pattern.compile(
                    "tile/[1-9][0-9]?/([0-9]{1,2}|data)(/x[0-9]{3})*/[0-9]{3}(\\.p/[0-9]{1,9})?");

    enum Kind {
        LIST(false, 16 * MEGABYTE, "text/plain; charset=utf-8"),
        /** Of a branch, a tag, a part of a version. */
        QUERY(false, MEGABYTE, "application/json"),
        LATEST(false, MEGABYTE, "application/json"),
        INFO(true, MEGABYTE, "application/json"),
        MOD(true, 16 * MEGABYTE, "text/plain; charset=utf-8"),
        ZIP(true, MAX_ZIP, "application/zip"),
        SUM_SUPPORTED(false, MEGABYTE, "text/plain; charset=utf-8"),
        SUM_LATEST(false, MEGABYTE, "text/plain; charset=utf-8"),
        SUM_LOOKUP(true, MEGABYTE, "text/plain; charset=utf-8"),
        SUM_TILE(true, 16 * MEGABYTE, "application/octet-stream");

        final boolean isImmutable;

        /** A larger one is refused. */
        final long maxBytes;

        final String contentType;

        Kind(boolean isImmutable, long maxBytes, String contentType) {
            this.isImmutable = isImmutable;
            this.maxBytes = maxBytes;
            this.contentType = contentType;
        }
    }

    /** Takes a name apart. Throws {@link InvalidNameException} if there is no such file. */
    static ModuleFile parse(String name) {
        if (name.length() > MAX_NAME) {
            throw new InvalidNameException(
                    "the name has %d characters, more than %d".formatted(name.length(), MAX_NAME));
        }
        if (name.startsWith(SUM_DB)) {
            return parseSumDb(name);
        }
        int at = name.indexOf("/@");
        String file = at < 0 ? "" : name.substring(at + 1);
        if (file.equals("@latest")) {
            return new ModuleFile(
                    name, Kind.LATEST, ModuleNames.unescapePath(name.substring(0, at)), "");
        }
        if (!file.startsWith("@v/")) {
            throw new InvalidNameException("not a file of the module proxy protocol: " + name);
        }
        String module = ModuleNames.unescapePath(name.substring(0, at));
        file = file.substring("@v/".length());
        if (file.equals("list")) {
            return new ModuleFile(name, Kind.LIST, module, "");
        }
        int dot = file.lastIndexOf('.');
        Kind kind =
                switch (dot < 0 ? "" : file.substring(dot)) {
                    case ".info" -> Kind.INFO;
                    case ".mod" -> Kind.MOD;
                    case ".zip" -> Kind.ZIP;
                    default ->
                            throw new InvalidNameException(
                                    "a version has .info, .mod and .zip, not " + file);
                };
        String version = ModuleNames.unescapeVersion(file.substring(0, dot));
        if (kind == Kind.INFO && !ModuleNames.isVersionOf(module, version)) {
            kind = Kind.QUERY;
        } else if (!ModuleNames.isCanonical(version)) {
            throw new InvalidNameException(
                    "%s is no version, so it has .info alone".formatted(version));
        }
        return new ModuleFile(name, kind, module, version);
    }

    /** The files of a version. */
    static List<ModuleFile> of(String module, String version) {
        String start = ModuleNames.escape(module) + "/@v/" + ModuleNames.escape(version);
        return Stream.of(".info", ".mod", ".zip").map(end -> parse(start + end)).toList();
    }

    /** A zip's record in a checksum database. */
    static ModuleFile lookup(String database, String module, String version) {
        return parse(
                "%s%s/lookup/%s@%s"
                        .formatted(
                                SUM_DB,
                                database,
                                ModuleNames.escape(module),
                                ModuleNames.escape(version)));
    }

    /** That there is no such file, with what the upstream said, under a name that no file has. */
    ModuleFile absence() {
        return new ModuleFile(name + " 404", Kind.LIST, module, version);
    }

    boolean isSum() {
        return name.startsWith(SUM_DB);
    }

    /** By which the tiers know the file. */
    ActionId id() {
        return ActionId.of(Digests.sha256().digest(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** What is wrong with the JSON of a version, or null: one about a version names that, one to a query names some version. */
    @Nullable String wrongInfo(byte[] json) {
        String named;
        try {
            named = JsonMapper.shared().readTree(json).path("Version").asString("");
        } catch (JacksonException e) {
            return "it is no JSON";
        }
        if (!ModuleNames.isCanonical(named)) {
            return "it names no version";
        }
        return kind == Kind.INFO && !named.equals(version) ? "it is about " + named : null;
    }

    /**
     * The hash that the record of a checksum database has of a module's zip, or null. The record is a number, then lines of {@code
     * go.sum}, then the signed head of the tree: the Go command verifies signature and tree by itself, with the key that it has.
     */
    @Nullable String recordedHash(byte[] record) {
        String start = module + " " + version + " ";
        return new String(record, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .filter(hash -> hash.startsWith("h1:"))
                .findFirst()
                .orElse(null);
    }

    private static ModuleFile parseSumDb(String name) {
        Matcher request =
                Pattern.compile("sumdb/(.+?)/(supported|latest|lookup/.+|tile/.+)").matcher(name);
        if (!request.matches()
                || !SUM_DB_NAME.matcher(request.group(1)).matches()
                || request.group(1).contains("..")) {
            throw new InvalidNameException("not a file of a checksum database: " + name);
        }
        String file = request.group(2);
        if (file.startsWith("lookup/")) {
            String[] record = file.substring("lookup/".length()).split("@", 2);
            if (record.length < 2) {
                throw new InvalidNameException(
                        "a lookup is for <module>@<version>, not " + record[0]);
            }
            String version = ModuleNames.unescapeVersion(record[1]);
            if (!ModuleNames.isCanonical(version)) {
                throw new InvalidNameException(version + " is no version");
            }
            return new ModuleFile(
                    name, Kind.SUM_LOOKUP, ModuleNames.unescapePath(record[0]), version);
        }
        if (file.startsWith("tile/") && !TILE.matcher(file).matches()) {
            throw new InvalidNameException("not a tile: " + file);
        }
        return new ModuleFile(
                name,
                switch (file) {
                    case "supported" -> Kind.SUM_SUPPORTED;
                    case "latest" -> Kind.SUM_LATEST;
                    default -> Kind.SUM_TILE;
                },
                "",
                "");
    }
}
