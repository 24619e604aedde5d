package io.gocacheserver.adapter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The adapter's rooms: what each may use, and how large it may be. */
class AdapterArchitectureTest {

    private static final String ROOT = "io.gocacheserver.adapter";
    private static final int ROOMS = 19;
    private static final int MOST_TYPES = 25;

    private static final List<String> OUTSIDE =
            List.of(
                    "io.gocacheserver.model",
                    "io.gocacheserver.wire",
                    "java..",
                    "javax..",
                    "jdk..",
                    "org.jspecify..",
                    "com.github.luben..");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("test-classes"))
                    .importPackages(ROOT);

    /** All but the root, which puts the parts together and may use each of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    text            |                                                             | formats: durations, sizes, times
                    http.target     |                                                             | where a server is, without any connection to it
                    http.connection | http.target                                                 | connections know no requests
                    http            | http.connection http.target                                 | requests over connections
                    protocol        | text                                                        | what the Go command says, whatever answers it
                    disk            | text                                                        | cmd/go's own cache directory, whatever fills it
                    zstd            | disk http                                                   | the one place that needs a library
                    profile         |                                                             | what is known of a build, from files and variables alone
                    auth            | http http.target                                            | tokens
                    remote          | disk                                                        | what a session asks of the service, without how that is done
                    remote.access   | http http.target remote zstd                                | what all requests to one service go through
                    remote.object   | disk http remote remote.access text zstd                    | objects, one by one or in bulk
                    remote.prefetch | disk http remote remote.access remote.object                | objects before they are asked for
                    remote.service  | disk http remote remote.access remote.object remote.prefetch | the cache of one session
                    session         | disk profile protocol remote                                | one Go command, whatever the service is
                    cli             | auth http.target remote text                                | flags and variables, before anything is done
                    report          | cli profile session text                                    | what is said of a build
                    resident        | auth cli http.target profile protocol                       | who may use the process, whatever a session does
                    doctor          | auth cli http http.target profile remote report resident text zstd | it looks at all, and changes nothing
                    """)
    void usesOnlyWhatItsLineNames(String room, @Nullable String uses, String because) {
        List<String> allowed = new ArrayList<>(OUTSIDE);
        allowed.add(name(room));
        if (uses != null) {
            Arrays.stream(uses.split(" ")).map(AdapterArchitectureTest::name).forEach(allowed::add);
        }
        classes()
                .that()
                .resideInAPackage(name(room))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .because(because)
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyRoomHasALineAndFewTypes() {
        Map<String, List<String>> types =
                CLASSES.stream()
                        .filter(type -> type.isTopLevelClass())
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getPackageName,
                                        Collectors.mapping(
                                                JavaClass::getSimpleName, Collectors.toList())));

        assertThat(types.values())
                .as("a package that one can keep in mind")
                .allSatisfy(room -> assertThat(room).hasSizeLessThanOrEqualTo(MOST_TYPES));
        assertThat(types.keySet())
                .as("rooms; each needs a line in the list above")
                .hasSize(1 + ROOMS);
    }

    private static String name(String room) {
        return ROOT + '.' + room;
    }
}
