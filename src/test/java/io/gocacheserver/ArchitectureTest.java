package io.gocacheserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;

/** The rules of the design, section 4. */
class ArchitectureTest {

    private static final String ROOT = "io.gocacheserver.";
    private static final String ADAPTER = ROOT + "adapter..";
    private static final String ADAPTER_ZSTD = ROOT + "adapter.zstd..";
    private static final String CACHE = ROOT + "cache..";
    private static final String DISK = ROOT + "disk..";
    private static final String DISTRIBUTION = ROOT + "distribution..";
    private static final String MODEL = ROOT + "model..";
    private static final String OPERATIONS = ROOT + "operations..";
    private static final String PAGE = ROOT + "page..";
    private static final String PROBE = ROOT + "probe..";
    private static final String S3 = ROOT + "s3..";
    private static final String CACHE_TIER = ROOT + "cache.tier..";
    private static final String DISK_BLOBS = ROOT + "disk.blobs..";
    private static final String DISK_INDEX = ROOT + "disk.index..";
    private static final String DISK_UPKEEP = ROOT + "disk.upkeep..";
    private static final String S3_UPLOADS = ROOT + "s3.uploads..";
    private static final String SECURITY = ROOT + "security..";
    private static final String WEB = ROOT + "web..";
    private static final String WIRE = ROOT + "wire..";
    private static final String NULLNESS = "org.jspecify.annotations..";
    private static final String ZSTD = "com.github.luben.zstd..";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages("io.gocacheserver");

    @Test
    void modelIsPlainValues() {
        check(
                classes()
                        .that()
                        .resideInAPackage(MODEL)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                MODEL, "java.lang..", "java.util..", "java.time..", NULLNESS)
                        .because(
                                "the model is small validated values, shared with the adapter: no Spring, no I/O"));
    }

    @Test
    void wireIsConstantsOverTheModel() {
        check(
                classes()
                        .that()
                        .resideInAPackage(WIRE)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                WIRE,
                                MODEL,
                                "java.lang..",
                                "java.util..",
                                "java.time..",
                                "java.nio.charset..",
                                NULLNESS)
                        .because(
                                "the HTTP contract is shared with the adapter, which has no Spring, and does no I/O itself"));
    }

    @Test
    void cacheKnowsTiersByInterfaceOnly() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(CACHE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISK, S3, WEB, WIRE, OPERATIONS, ADAPTER)
                        .because(
                                "the semantics of the cache hold for any tiers and any transport"));
    }

    @Test
    void cacheNeedsNoSdkAndNoDatabase() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(CACHE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("software.amazon..", "java.sql..", "org.sqlite..")
                        .because("how a tier stores things is the tier's own matter"));
    }

    @Test
    void diskStandsOnItsOwn() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(DISK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(S3, WEB, WIRE, OPERATIONS, ADAPTER, "software.amazon..")
                        .because("tiers know neither each other nor who calls them"));
    }

    @Test
    void s3StandsOnItsOwn() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(S3)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISK, WEB, WIRE, OPERATIONS, ADAPTER, "java.sql..")
                        .because("tiers know neither each other nor who calls them"));
    }

    @Test
    void innerRoomsAreClosedToTheOutside() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(DISK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISK_INDEX, DISK_BLOBS, DISK_UPKEEP)
                        .because("a room's types are public for the neighbouring rooms alone"));
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(S3)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(S3_UPLOADS)
                        .because("a room's types are public for the neighbouring rooms alone"));
    }

    @Test
    void innerRoomsKnowThoseBelowThem() {
        check(
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .layer("disk")
                        .definedBy(ROOT + "disk")
                        .layer("upkeep")
                        .definedBy(DISK_UPKEEP)
                        .layer("blobs")
                        .definedBy(DISK_BLOBS)
                        .layer("index")
                        .definedBy(DISK_INDEX)
                        .layer("s3")
                        .definedBy(ROOT + "s3")
                        .layer("uploads")
                        .definedBy(S3_UPLOADS)
                        .layer("cache")
                        .definedBy(ROOT + "cache")
                        .layer("tier")
                        .definedBy(CACHE_TIER)
                        .whereLayer("disk")
                        .mayNotBeAccessedByAnyLayer()
                        .whereLayer("upkeep")
                        .mayOnlyBeAccessedByLayers("disk")
                        .whereLayer("blobs")
                        .mayOnlyBeAccessedByLayers("disk", "upkeep")
                        .whereLayer("index")
                        .mayOnlyBeAccessedByLayers("disk", "upkeep", "blobs")
                        .whereLayer("s3")
                        .mayNotBeAccessedByAnyLayer()
                        .whereLayer("uploads")
                        .mayOnlyBeAccessedByLayers("s3")
                        .whereLayer("cache")
                        .mayOnlyBeAccessedByLayers("s3", "uploads")
                        .because("a room can be read knowing only those below it"));
    }

    @Test
    void webKnowsTheCacheAndNotItsTiers() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(WEB)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISK, S3, OPERATIONS, "software.amazon..", "java.sql..")
                        .because(
                                "a controller asks the cache; where bytes lie is not its business"));
    }

    @Test
    void distributionStandsOnItsOwn() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(DISTRIBUTION)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(ADAPTER, CACHE, DISK, OPERATIONS, S3, WEB)
                        .because("it hands out files, whatever is in them and in the cache"));
    }

    @Test
    void operationsKnowsTiersByInterfaceOnly() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(OPERATIONS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(DISK, S3)
                        .because("metrics and health are the same for any tier"));
    }

    @Test
    void nothingNeedsSecurity() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(SECURITY)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                SECURITY, "org.springframework.security..", "com.nimbusds..")
                        .because(
                                "who a client is, is found out before the cache is asked, which knows what he may do and no token"));
    }

    @Test
    void securityKnowsNoTier() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(SECURITY)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(ADAPTER, DISK, OPERATIONS, S3)
                        .because("it decides what a request may do, and does none of it"));
    }

    @Test
    void nothingNeedsTracing() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(ROOT + "tracing..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                ROOT + "tracing..",
                                "io.opentelemetry..",
                                "io.micrometer.tracing..",
                                "io.micrometer.observation..")
                        .because(
                                "it is put before what it looks at, and left out where it is off"));
    }

    @Test
    void nothingNeedsThePage() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(PAGE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(PAGE)
                        .because("a cache without its page is the same cache"));
    }

    @Test
    void thePageKnowsWhatOperationsReport() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage(PAGE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(ADAPTER, DISK, S3)
                        .because("it shows what the overview says, whatever the tiers are"));
    }

    @Test
    void adapterStandsOnTheJdkAlone() {
        check(
                classes()
                        .that()
                        .resideInAPackage(ADAPTER)
                        .and()
                        .resideOutsideOfPackage(ADAPTER_ZSTD)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                ADAPTER,
                                MODEL,
                                WIRE,
                                "java..",
                                "javax.net..",
                                "jdk.net..",
                                NULLNESS)
                        .because(
                                "the adapter is a jar of its own that starts in milliseconds: no Spring, no library"));
    }

    @Test
    void adapterDecodesZstdInOnePlace() {
        check(
                classes()
                        .that()
                        .resideInAPackage(ADAPTER_ZSTD)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                ADAPTER,
                                "java.lang..",
                                "java.io..",
                                "java.nio",
                                "java.util..",
                                NULLNESS,
                                ZSTD)
                        .because(
                                "the JDK has no zstd; the rest of the adapter works where its library does not load"));
    }

    @Test
    void theProbeStandsOnTheJdkAlone() {
        check(
                classes()
                        .that()
                        .resideInAPackage(PROBE)
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(PROBE, MODEL, WIRE, "java..", NULLNESS)
                        .because(
                                "it looks at the service from outside, as a program that starts quickly"));
    }

    @Test
    void nothingOfTheServiceUsesTheAdapter() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(ADAPTER)
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(ADAPTER)
                        .because("service and adapter are two programs that meet on the wire"));
    }

    @Test
    void packagesHaveNoCycles() {
        check(
                slices().matching(ROOT + "(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("one must be able to read a package knowing only those below it"));
    }

    @Test
    void onlyTheDiskTierSpeaksSql() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(DISK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.sql..", "org.sqlite..")
                        .because("the index is the disk tier's own"));
    }

    @Test
    void onlyTheS3TierUsesTheAwsSdk() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(S3)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("software.amazon..", "io.awspring..")
                        .because(
                                "another remote store must need one new package and no other change"));
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
                        .that(not(resideInAnyPackage(ADAPTER, PROBE)))
                        .should(ACCESS_STANDARD_STREAMS)
                        .because(
                                "what it has to say goes to the log; stdout is the adapter's protocol"));
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
