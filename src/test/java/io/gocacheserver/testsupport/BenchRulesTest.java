package io.gocacheserver.testsupport;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What tests do again and again they do in one way each. */
class BenchRulesTest {

    private static final JavaClasses TESTS =
            new ClassFileImporter()
                    .withImportOption(location -> location.contains("/test-classes/"))
                    .importPackages("io.gocacheserver");

    @Test
    void testsNeverSleep() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(equivalentTo(Thread.class))).and(target(name("sleep"))))
                .because("a sleep is too short on a busy machine and too long on any other")
                .check(TESTS);
    }

    @Test
    void testsWaitPatiently() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Waiting.class.getName())
                .should()
                .callMethodWhere(
                        target(owner(equivalentTo(Awaitility.class))).and(target(name("await"))))
                .because("Waiting has the limit that holds on a busy machine, too")
                .check(TESTS);
    }

    @Test
    void madeUpServicesAreScripts() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.net.httpserver..")
                .because("ScriptedServer is the one HTTP service that tests make up")
                .check(TESTS);
    }
}
