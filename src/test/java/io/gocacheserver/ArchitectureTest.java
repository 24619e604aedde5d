package io.gocacheserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of the design, section 4: {@link Packages} says what each package may use. */
class ArchitectureTest {

    private static final String ROOT = "io.gocacheserver.";
    private static final String ADAPTER = "adapter";

    /** As many as one can keep in mind: some 25. */
    private static final int MOST_TYPES = 26;

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages("io.gocacheserver");

    private static Stream<Packages.Line> packages() {
        return Packages.lines();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatItsLineNames(Packages.Line line) {
        List<String> allowed = new ArrayList<>(line.libraryPackages());
        allowed.add(ROOT + line.name());
        line.uses().forEach(each -> allowed.add(ROOT + each));
        check(
                classes()
                        .that()
                        .resideInAPackage(ROOT + line.name())
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(allowed.toArray(String[]::new))
                        .because("it is: " + line.what()));
    }

    @Test
    void everyPackageHasALineAndFewTypes() {
        Map<String, Long> types =
                CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> type.getPackageName().startsWith(ROOT))
                        .collect(
                                Collectors.groupingBy(
                                        type -> type.getPackageName().substring(ROOT.length()),
                                        Collectors.counting()));
        assertThat(types.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Packages.lines().map(Packages.Line::name).toList());
        assertThat(types.values()).allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(MOST_TYPES));
    }

    @Test
    void packagesHaveNoCycles() {
        check(
                slices().matching(ROOT + "(**)")
                        .should()
                        .beFreeOfCycles()
                        .because("one must be able to read a package knowing only those below it"));
    }

    @Test
    void contributingHasTheSameTables() throws IOException {
        String contributing = Files.readString(Path.of("CONTRIBUTING.md"));
        assertThat(contributing)
                .contains(table(line -> !line.name().startsWith(ADAPTER)))
                .contains(table(line -> line.name().startsWith(ADAPTER)));
    }

    private static String table(Predicate<Packages.Line> which) {
        return Packages.lines()
                .filter(which)
                .map(
                        line ->
                                "| `%s` | %s | %s | %s |"
                                        .formatted(
                                                line.name(),
                                                line.what(),
                                                code(line.uses()),
                                                String.join(", ", line.libraries())))
                .collect(Collectors.joining("\n"));
    }

    private static String code(List<String> names) {
        return names.stream().map(each -> '`' + each + '`').collect(Collectors.joining(", "));
    }

    @Test
    void modelAndWireDoNoInputAndOutput() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(ROOT + "model", ROOT + "wire")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.io..", "java.net..", "java.nio.file..", "java.nio.channels..")
                        .because("they are small validated values, and how these are written"));
    }

    @Test
    void theServiceLogsThroughSlf4j() {
        check(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("java.util.logging..")
                        .because("one logging API, configured in one place"));
    }

    @Test
    void theServicePrintsNothing() {
        check(
                noClasses()
                        .that(not(resideInAnyPackage(ROOT + ADAPTER + "..", ROOT + "probe")))
                        .should(ACCESS_STANDARD_STREAMS)
                        .because("its messages go to the log; stdout is the adapter's protocol"));
    }

    @Test
    void noStaticStateChanges() {
        check(
                noFields()
                        .that()
                        .areStatic()
                        .and()
                        .doNotHaveModifier(JavaModifier.SYNTHETIC)
                        .should()
                        .notBeFinal()
                        .because("state belongs to an object that somebody constructed"));
    }

    @Test
    void dependenciesAreConstructorArguments() {
        check(
                noFields()
                        .should()
                        .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                        .because("a class says what it needs in its constructor"));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
