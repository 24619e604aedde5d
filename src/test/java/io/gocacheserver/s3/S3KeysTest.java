package io.gocacheserver.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.OutputId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3KeysTest {

    private static final ActionKey ACTION = ActionKey.global(new ActionId("abcdef"));
    private static final OutputId OUTPUT = new OutputId("123456");

    @Test
    void withoutAPrefixKeysBeginWithTheirGroup() {
        S3Keys keys = new S3Keys("");
        assertThat(keys.action(ACTION)).isEqualTo("action/ab/abcdef");
        assertThat(keys.output(OUTPUT, Coding.IDENTITY)).isEqualTo("output/12/123456");
    }

    @Test
    void aPrefixStandsBeforeBothGroups() {
        S3Keys keys = new S3Keys("team/a");
        assertThat(keys.action(ACTION)).isEqualTo("team/a/action/ab/abcdef");
        assertThat(keys.output(OUTPUT, Coding.IDENTITY)).isEqualTo("team/a/output/12/123456");
    }

    @Test
    void aFileOfAModuleHasTheKeyOfGoCachePlugin() {
        S3Keys keys = new S3Keys("team");
        ActionKey file = new ActionKey(Namespace.GLOBAL.modules(), new ActionId("abcdef"));
        assertThat(keys.action(file)).isEqualTo("team/module/ab/abcdef");
        assertThat(keys.parse("team/module/ab/abcdef")).isEmpty();
        ActionKey owned = new ActionKey(new Namespace("x").modules(), new ActionId("abcdef"));
        assertThat(keys.action(owned)).isEqualTo("team/namespace/x/module/ab/abcdef");
        assertThat(keys.parse("team/namespace/x/module/ab/abcdef")).isEmpty();
    }

    @Test
    void aCompressedObjectHasAKeyOfItsOwn() {
        assertThat(new S3Keys("team").output(OUTPUT, Coding.ZSTD))
                .isEqualTo("team/output/12/123456.zst");
    }

    /** Each expectation is what Go's path.Join(prefix, "action", "ab", "abcdef") returns. */
    @ParameterizedTest
    @CsvSource({
        "team, team/action/ab/abcdef",
        "team/, team/action/ab/abcdef",
        "team//, team/action/ab/abcdef",
        "team//a/, team/a/action/ab/abcdef",
        "/team, /team/action/ab/abcdef",
        "//team, /team/action/ab/abcdef",
        "/, /action/ab/abcdef",
        "., action/ab/abcdef",
        "./, action/ab/abcdef",
        "./team, team/action/ab/abcdef",
        "team/., team/action/ab/abcdef",
        "team/./a, team/a/action/ab/abcdef",
        "team/../a, a/action/ab/abcdef",
        "team/.., action/ab/abcdef",
        ".., ../action/ab/abcdef",
        "../.., ../../action/ab/abcdef",
        "../../team, ../../team/action/ab/abcdef",
        "team/../.., ../action/ab/abcdef",
        "/.., /action/ab/abcdef",
        "/../team, /team/action/ab/abcdef",
        "/team/../.., /action/ab/abcdef",
        "..., .../action/ab/abcdef",
        "a b, a b/action/ab/abcdef",
        "' team ', ' team /action/ab/abcdef'"
    })
    void aPrefixIsCleanedAsGoDoesIt(String prefix, String key) {
        assertThat(new S3Keys(prefix).action(ACTION)).isEqualTo(key);
    }

    @Test
    void aProfileLiesInItsNamespace() {
        S3Keys keys = new S3Keys("team");
        assertThat(keys.profile("abcd")).isEqualTo("team/profile/ab/abcd");
        assertThat(keys.profile("pr-7/abcd")).isEqualTo("team/namespace/pr-7/profile/ab/abcd");
        assertThat(keys.parse("team/namespace/pr-7/profile/ab/abcd")).isEmpty();
    }

    @Test
    void aNamespaceIsPartOfAnActionsKeyAndNotOfAnObjects() {
        ActionKey key = new ActionKey(new Namespace("pr-7"), new ActionId("abcdef"));
        S3Keys keys = new S3Keys("team");
        assertThat(keys.action(key)).isEqualTo("team/namespace/pr-7/action/ab/abcdef");
        assertThat(keys.parse("team/namespace/pr-7/action/ab/abcdef")).contains(key);
        assertThat(keys.parse("team/action/ab/abcdef")).contains(ACTION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "action/ab/abcdef",
                "team/action/cd/abcdef",
                "team/action/abcdef",
                "team/output/ab/abcdef",
                "team/namespace/pr-7/action/ab",
                "team/namespace/PR/action/ab/abcdef",
                "team/namespace/global/action/ab/abcdef",
                "team/namespace/a/b/action/ab/abcdef",
                "team/namespace/",
                "team/"
            })
    void whatIsNoActionsKeyIsNone(String key) {
        assertThat(new S3Keys("team").parse(key)).isEmpty();
    }
}
