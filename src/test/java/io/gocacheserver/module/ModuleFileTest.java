package io.gocacheserver.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.module.ModuleFile.Kind;
import io.gocacheserver.module.ModuleNames.InvalidNameException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleFileTest {

    @ParameterizedTest
    @CsvSource({
        "example.com/m/@v/list, LIST, example.com/m, ''",
        "example.com/m/@latest, LATEST, example.com/m, ''",
        "example.com/m/@v/v1.2.3.info, INFO, example.com/m, v1.2.3",
        "example.com/m/@v/v1.2.3-rc.1.mod, MOD, example.com/m, v1.2.3-rc.1",
        "example.com/m/@v/v2.0.0+incompatible.zip, ZIP, example.com/m, v2.0.0+incompatible",
        "example.com/m/v3/@v/v3.0.0-20191109021931-daa7c04131f5.zip, ZIP, example.com/m/v3, v3.0.0-20191109021931-daa7c04131f5",
        "github.com/!azure/azure-sdk/@v/v1.0.0-!r!c1.info, INFO, github.com/Azure/azure-sdk, v1.0.0-RC1",
        "golang.org/toolchain/@v/v0.0.1-go1.24.0.linux-amd64.zip, ZIP, golang.org/toolchain, v0.0.1-go1.24.0.linux-amd64",
        "gopkg.in/yaml.v3/@v/v3.0.1.mod, MOD, gopkg.in/yaml.v3, v3.0.1",
        "example.com/m/@v/main.info, QUERY, example.com/m, main",
        "example.com/m/@v/v2.0.0.info, QUERY, example.com/m, v2.0.0",
        "example.com/m/v2/@v/v3.0.0.info, QUERY, example.com/m/v2, v3.0.0",
        "gopkg.in/yaml.v3/@v/v3.0.1.info, INFO, gopkg.in/yaml.v3, v3.0.1",
        "example.com/m/@v/v2.0.0+incompatible.info, INFO, example.com/m, v2.0.0+incompatible",
        "example.com/m/@v/v1.info, QUERY, example.com/m, v1",
        "example.com/m/@v/daa7c04131f5.info, QUERY, example.com/m, daa7c04131f5",
        "sumdb/sum.golang.org/supported, SUM_SUPPORTED, '', ''",
        "sumdb/sum.golang.org/latest, SUM_LATEST, '', ''",
        "sumdb/sum.golang.org/lookup/github.com/!a/b@v1.0.0, SUM_LOOKUP, github.com/A/b, v1.0.0",
        "sumdb/sum.golang.org/tile/8/0/x001/234.p/56, SUM_TILE, '', ''",
        "sumdb/sum.golang.org/tile/8/data/000, SUM_TILE, '', ''",
    })
    void aNameIsTakenApart(String name, Kind kind, String module, String version) {
        assertThat(ModuleFile.parse(name)).isEqualTo(new ModuleFile(name, kind, module, version));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com/../m/@v/list",
                "../@v/list",
                "example.com/./m/@v/list",
                "example.com//m/@v/list",
                "/example.com/m/@v/list",
                "example.com/m./@v/list",
                "example.com/.m/@v/list",
                "github.com/Azure/x/@v/list",
                "github.com/!Azure/x/@v/list",
                "github.com/!/x/@v/list",
                "github.com/a!!b/x/@v/list",
                "github.com/a!/@v/list",
                "github.com/a b/@v/list",
                "github.com/a\\b/@v/list",
                "github.com/ä/@v/list",
                "fmt/@v/list",
                "-x.com/m/@v/list",
                "example.com/m/@v/",
                "example.com/m/@v/v1.2.3",
                "example.com/m/@v/v1.2.3.tar",
                "example.com/m/@v/V1.2.3.info",
                "example.com/m/@v/main.zip",
                "example.com/m/@v/v1.2.zip",
                "example.com/m/@v/v01.2.3.zip",
                "example.com/m/@v/v1.2.3+build.zip",
                "example.com/m/@v/../v1.2.3.info",
                "example.com/m/@v/a/b.info",
                "example.com/m/@v/..info",
                "example.com/m/@x",
                "example.com/m",
                "@v/list",
                "sumdb/sum.golang.org/",
                "sumdb/sum.golang.org/tiles",
                "sumdb/../latest",
                "sumdb/sum.golang.org/tile/8/0/../../x",
                "sumdb/sum.golang.org/tile/8/0/1",
                "sumdb/sum.golang.org/lookup/example.com/m",
                "sumdb/sum.golang.org/lookup/example.com/m@main",
                "sumdb/a b/latest",
            })
    void aNameThatIsNoneIsRefused(String name) {
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(() -> ModuleFile.parse(name));
    }

    @Test
    void aNameOfTenThousandCharactersIsRefused() {
        assertThatExceptionOfType(InvalidNameException.class)
                .isThrownBy(
                        () -> ModuleFile.parse("example.com/" + "a".repeat(10_000) + "/@v/list"))
                .withMessageContaining("10020 characters");
    }

    @Test
    void theKeyIsThatOfGoCachePlugin() {
        // printf 'github.com/!azure/x/@v/v1.2.3.zip' | sha256sum
        assertThat(ModuleFile.parse("github.com/!azure/x/@v/v1.2.3.zip").id().hex())
                .isEqualTo("67c3eee5e72b0e5f38506d4550f0967e7958e0fc051e5b4fd946e9023a407e7d");
    }

    @Test
    void aRecordIsAskedForByTheEscapedName() {
        assertThat(ModuleFile.lookup("sum.golang.org", "github.com/Azure/x", "v1.0.0-RC1").name())
                .isEqualTo("sumdb/sum.golang.org/lookup/github.com/!azure/x@v1.0.0-!r!c1");
    }
}
