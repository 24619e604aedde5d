package io.gocacheserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.disk.DiskProperties;
import io.gocacheserver.distribution.AdapterProperties;
import io.gocacheserver.model.ByteSize;
import io.gocacheserver.operations.KnownSettings;
import io.gocacheserver.operations.ShutdownProperties;
import io.gocacheserver.s3.S3Properties;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.web.WebProperties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import software.amazon.awssdk.services.s3.S3Client;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The design's section 7. */
@Isolated("it reads what this process prints")
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationTest {

    private static final int MOST_SETTINGS = 31;
    private static final String GROUP = "java.util.Map<java.lang.String,java.lang.Object>";

    private final ApplicationContextRunner settings =
            new ApplicationContextRunner()
                    .withUserConfiguration(Settings.class)
                    .withPropertyValues("cache-server.disk.path=some/where");

    @Test
    void diskSettingsHaveTheirEnvironmentForm() {
        DiskProperties disk =
                bind(
                        "cache-server.disk",
                        DiskProperties.class,
                        Map.of(
                                "CACHESERVER_DISK_PATH", "/some/where",
                                "CACHESERVER_DISK_MAXAGE", "3d",
                                "CACHESERVER_DISK_MEMORYSIZE", "3MB"));
        assertThat(disk.memorySize()).isEqualTo(new ByteSize(3_000_000));
        assertThat(disk.path()).isEqualTo("/some/where");
        assertThat(disk.maxAge()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void s3SettingsHaveTheirEnvironmentForm() {
        S3Properties s3 =
                bind(
                        "cache-server.s3",
                        S3Properties.class,
                        Map.ofEntries(
                                Map.entry("CACHESERVER_S3_BUCKET", "bucket"),
                                Map.entry("CACHESERVER_S3_KEYPREFIX", "team/a"),
                                Map.entry("CACHESERVER_S3_MINUPLOADSIZE", "2KB"),
                                Map.entry("CACHESERVER_S3_UPLOADCONCURRENCY", "7"),
                                Map.entry("CACHESERVER_S3_OBJECTCODING", "zstd"),
                                Map.entry("CACHESERVER_S3_UPLOADTIMEOUT", "3m"),
                                Map.entry("CACHESERVER_S3_READTIMEOUT", "4s"),
                                Map.entry("CACHESERVER_S3_DRAINTIMEOUT", "5s")));
        assertThat(s3)
                .isEqualTo(
                        new S3Properties(
                                "bucket",
                                "team/a",
                                new ByteSize(2_000),
                                7,
                                Coding.ZSTD,
                                Duration.ofMinutes(3),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5)));
    }

    @Test
    void otherSettingsHaveTheirEnvironmentForm() {
        assertThat(
                        bind(
                                        "cache-server.web",
                                        WebProperties.class,
                                        Map.of("CACHESERVER_WEB_MAXOBJECTSIZE", "1MB"))
                                .maxObjectSize())
                .isEqualTo(new ByteSize(1_000_000));
        assertThat(
                        bind(
                                        "cache-server.adapter",
                                        AdapterProperties.class,
                                        Map.of("CACHESERVER_ADAPTER_DIRECTORY", "/some/where"))
                                .directory())
                .isEqualTo("/some/where");
        assertThat(
                        bind(
                                        "cache-server.shutdown",
                                        ShutdownProperties.class,
                                        Map.of("CACHESERVER_SHUTDOWN_DELAY", "9s"))
                                .delay())
                .isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void s3DefaultsAreThoseOfTheDesign() {
        S3Properties s3 = bind("cache-server.s3", S3Properties.class, Map.of());
        assertThat(s3.bucket()).isEmpty();
        assertThat(s3.keyPrefix()).isEmpty();
        assertThat(s3.minUploadSize()).isEqualTo(new ByteSize(0));
        assertThat(s3.uploadTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(s3.objectCoding()).isEqualTo(Coding.IDENTITY);
    }

    @Test
    void withoutABucketThereIsNoS3Client(@TempDir Path directory) {
        try (RunningService service = RunningService.start(directory)) {
            assertThat(service.context().getBeanNamesForType(S3Client.class)).isEmpty();
            assertThat(service.context().getBeanNamesForType(TieredCache.Remote.class)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache-server.disk.pth",
                "cache-server.s3.buckets",
                "cache-server.web.max-size",
                "cache-server.adapter.dir",
                "cache-server.shutdown.dela",
                "cache-server.bucket",
                "cache-server.dsk.path"
            })
    void aMisspeltSettingFailsTheStartAndIsNamed(String name) {
        settings.withPropertyValues(name + "=x")
                .run(context -> assertThat(messages(context)).contains("[" + name + "]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache-server.s3.upload-concurrency=-1",
                "cache-server.s3.upload-timeout=soon",
                "cache-server.s3.object-coding=gzip",
                "cache-server.disk.max-size=big"
            })
    void anInvalidValueFailsTheStartAndIsNamed(String property) {
        String value = property.substring(property.indexOf('=') + 1);
        settings.withPropertyValues(property)
                .run(context -> assertThat(messages(context)).contains(value));
    }

    @ParameterizedTest
    @CsvSource({
        "cache-server.disk.pth=x, There is no setting cache-server.disk.pth (command line): is cache-server.disk.path meant?",
        "cache-server.auth.tokens[0].secret=short, 'cache-server.auth.tokens[0]'",
    })
    void aFailedStartIsExplainedOnce(
            String setting, String explanation, @TempDir Path directory, CapturedOutput output) {
        assertThatThrownBy(() -> RunningService.start(directory, setting).close())
                .isInstanceOf(Exception.class);
        assertThat(output)
                .contains(explanation)
                .doesNotContain(
                        "UnsatisfiedDependencyException",
                        "BeanCreationException",
                        "condition evaluation report");
    }

    @Test
    void theServiceItselfDoesNotStartWithAMisspeltSetting(@TempDir Path directory) {
        assertThatThrownBy(() -> RunningService.start(directory, "cache-server.disk.pth=x").close())
                .rootCause()
                .hasMessageContaining("cache-server.disk.pth");
    }

    @Test
    void thereAreFewSettings() throws IOException {
        assertThat(names()).hasSizeLessThanOrEqualTo(MOST_SETTINGS);
    }

    @Test
    void theDocumentationHasALineForEachSetting() throws IOException {
        String settings = Files.readString(Path.of("docs", "settings.md"));
        String table =
                settings.substring(
                        settings.indexOf("\n## Settings"), settings.indexOf("\n## What is fixed"));
        for (String name : names()) {
            String last = name.substring(name.lastIndexOf('.') + 1);
            assertThat(table).as(name).containsPattern("cache-server[^|]*[.`]" + last + "[`\\[.<]");
        }
    }

    @Test
    void everySettingIsDescribed() throws IOException {
        for (JsonNode property : metadata().get("properties")) {
            String name = property.get("name").asString();
            assertThat(property.path("description").asString("")).as(name).isNotBlank();
        }
        assertThat(names())
                .contains(
                        "cache-server.disk.path",
                        "cache-server.s3.bucket",
                        "cache-server.s3.key-prefix",
                        "cache-server.s3.min-upload-size",
                        "cache-server.s3.upload-concurrency",
                        "cache-server.s3.upload-timeout");
    }

    /** All settings but the groups that they are in, and those that Spring Boot adds for each endpoint. */
    private static List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode property : metadata().get("properties")) {
            String name = property.get("name").asString();
            if (name.startsWith("cache-server.")
                    && !property.get("type").asString().equals(GROUP)) {
                names.add(name);
            }
        }
        return names;
    }

    static JsonNode metadata() throws IOException {
        try (InputStream json =
                GoCacheServer.class.getResourceAsStream(
                        "/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(json);
        }
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, Object> variables) {
        return Binder.get(environment(variables)).bindOrCreate(prefix, type);
    }

    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                variables));
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    private static String messages(AssertableApplicationContext context) {
        StringBuilder messages = new StringBuilder();
        for (Throwable e = context.getStartupFailure(); e != null; e = e.getCause()) {
            messages.append(e).append('\n');
        }
        return messages.toString();
    }

    @EnableConfigurationProperties({
        DiskProperties.class,
        S3Properties.class,
        WebProperties.class,
        AdapterProperties.class,
        ShutdownProperties.class,
        KnownSettings.class
    })
    static class Settings {}
}
