package io.gocacheserver.security.tokens;

import io.gocacheserver.cache.tier.Digests;
import io.gocacheserver.model.InvalidNamespaceException;
import io.gocacheserver.model.Namespace;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a namespace with claims in it, such as {@code pr-{repository_id}-{ref}}.
 *
 * <p>Two tokens get the same namespace only if all its claims have the same values. Plain numbers stand in the name as they
 * are, between texts that have none at their sides, so that the name tells each of them. Other values are told apart by
 * {@value #HASH_CHARACTERS} hex characters of their SHA-256, 128 bits, which somebody who may choose the values cannot make
 * collide; an {@code x} before them, which no number has, keeps the two kinds apart. Before that stands what makes a valid
 * name of the values, cut where there is no more room, for people to read. And no value can make a name that does not begin
 * as the pattern does.
 */
public final class NamespacePattern {

    private static final int HASH_CHARACTERS = 32;
    private static final String BEFORE_HASH = "-x";

    private static final int READABLE_CHARACTERS =
            Namespace.MAX_LENGTH - BEFORE_HASH.length() - HASH_CHARACTERS;

    private static final String CLAIM = "\\{[^{}]*[^{}\\s][^{}]*}";
    private static final String TEXT = "[._-][a-z0-9._-]*";
    private static final Pattern VALID =
            Pattern.compile(
                    "[a-z0-9][a-z0-9._-]{0,%d}(%s%s)*%s(%s)?"
                            .formatted(READABLE_CHARACTERS - 1, CLAIM, TEXT, CLAIM, TEXT));

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern INVALID = Pattern.compile("[^a-z0-9._-]");

    /** The texts between the claims: one more than there are claims. */
    private final List<String> texts;

    private final List<String> claims;

    private NamespacePattern(List<String> texts, List<String> claims) {
        this.texts = texts;
        this.claims = claims;
    }

    public static NamespacePattern parse(String text, String setting) {
        List<String> texts = new ArrayList<>();
        List<String> claims = new ArrayList<>();
        Matcher places = PLACE.matcher(text);
        int end = 0;
        while (places.find()) {
            texts.add(text.substring(end, places.start()));
            claims.add(places.group(1));
            end = places.end();
        }
        texts.add(text.substring(end));
        NamespacePattern pattern = new NamespacePattern(texts, claims);
        if (claims.isEmpty()) {
            fixed(text, setting);
            return pattern;
        }
        if (!VALID.matcher(text).matches()) {
            throw new InvalidAuthException(
                    "%s: \"%s\" must begin with a text of a-z, 0-9, -, . and _, of at most %d characters, before the first claim, so that no claim can make the name of another namespace; -, . or _ must follow a claim before the next text or claim, and {} must name one"
                            .formatted(setting, text, READABLE_CHARACTERS));
        }
        if (pattern.canMake(Namespace.GLOBAL)) {
            throw new InvalidAuthException(
                    "%s: \"%s\" could make the name global".formatted(setting, text));
        }
        return pattern;
    }

    public static Namespace fixed(String name, String setting) {
        try {
            return new Namespace(name);
        } catch (InvalidNamespaceException e) {
            throw new InvalidAuthException("%s: %s".formatted(setting, e.getMessage()));
        }
    }

    public static List<Namespace> fixed(List<String> names, String setting) {
        return names.stream().map(name -> fixed(name, setting)).toList();
    }

    boolean isFixed() {
        return claims.isEmpty();
    }

    boolean canMake(Namespace namespace) {
        return isFixed()
                ? namespace.name().equals(texts.getFirst())
                : namespace.name().startsWith(texts.getFirst());
    }

    /** Whether a token could get one that another pattern can make as well. */
    boolean overlaps(NamespacePattern other) {
        String mine = texts.getFirst();
        String others = other.texts.getFirst();
        return (mine.startsWith(others) && (!other.isFixed() || mine.equals(others)))
                || (others.startsWith(mine) && (!isFixed() || mine.equals(others)));
    }

    public Namespace of(Claims token) {
        if (isFixed()) {
            return new Namespace(texts.getFirst());
        }
        StringBuilder name = new StringBuilder(texts.getFirst());
        StringBuilder values = new StringBuilder();
        boolean numbers = true;
        for (int i = 0; i < claims.size(); i++) {
            String value = token.one(claims.get(i));
            if (value == null || value.isEmpty()) {
                throw new RefusedException(
                        RefusedException.Reason.FORBIDDEN,
                        "the token has no claim %s, which its namespace is made of"
                                .formatted(claims.get(i)));
            }
            numbers &= NUMBER.matcher(value).matches();
            name.append(value).append(texts.get(i + 1));
            values.append(value.length()).append(':').append(value);
        }
        if (numbers && name.length() <= Namespace.MAX_LENGTH) {
            return new Namespace(name.toString());
        }
        String valid = INVALID.matcher(name.toString().toLowerCase(Locale.ROOT)).replaceAll("-");
        int readable = Math.min(valid.length(), READABLE_CHARACTERS);
        return new Namespace(valid.substring(0, readable) + BEFORE_HASH + hash(values));
    }

    private static String hash(CharSequence values) {
        byte[] digest = Digests.sha256().digest(values.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
    }
}
