package io.gocacheserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.cli.AdapterMessages;
import io.gocacheserver.disk.DiskProperties;
import io.gocacheserver.distribution.AdapterProperties;
import io.gocacheserver.operations.KnownSettings;
import io.gocacheserver.operations.ServiceMessages;
import io.gocacheserver.operations.ShutdownProperties;
import io.gocacheserver.page.PageProperties;
import io.gocacheserver.profile.ProfileProperties;
import io.gocacheserver.s3.S3Properties;
import io.gocacheserver.security.AuthProperties;
import io.gocacheserver.web.WebProperties;
import io.gocacheserver.web.prefetch.Prefetches.PrefetchProperties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

import java.util.List;

/**
 * What a user reads whose setting is wrong. Several settings are set apart by semicolons; what begins with dashes is on the
 * command line, the others are environment variables.
 */
class MessagesOfSettingsTest {

    private static final String INTERNALS =
            "(?s).*(java\\.|springframework|Exception|\\w+\\$\\w+).*";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --cache-server.disk.pth=/d | There is no setting cache-server.disk.pth (command line): is cache-server.disk.path meant?
                    --cache-server.dsk.path=/d | There is no setting cache-server.dsk.path (command line): is cache-server.disk.path meant?
                    --cache-server.bucket=b | There is no setting cache-server.bucket (command line): is cache-server.s3.bucket meant?
                    --cache-server.s3.buckets=b | There is no setting cache-server.s3.buckets (command line): is cache-server.s3.bucket meant?
                    --cache-server.web.max-size=1GB | There is no setting cache-server.web.max-size (command line): is cache-server.web.max-object-size meant?
                    --cache-server.adapter.dir=/d | There is no setting cache-server.adapter.dir (command line): is cache-server.adapter.directory meant?
                    --cache-server.shutdown.dela=1s | There is no setting cache-server.shutdown.dela (command line): is cache-server.shutdown.delay meant?
                    --cache-server.auth.tokens[0].name=a;--cache-server.auth.tokens[0].secrt=hunter2 | There is no setting cache-server.auth.tokens[0].secrt (command line): is cache-server.auth.tokens[0].secret meant?
                    --cache-server.disk.max-size=big | cache-server.disk.max-size is "big" (command line): must be a size like 10GB, 500MB or 2GiB
                    CACHESERVER_DISK_MAXSIZE=10XB | cache-server.disk.max-size is "10XB" (environment variable CACHESERVER_DISK_MAXSIZE): must be a size like 10GB, 500MB or 2GiB
                    --cache-server.disk.max-size=5MB | cache-server.disk.max-size is "5MB" (command line): must be 0, for a share of the volume, or at least 16MB
                    CACHESERVER_DISK_MAXAGE=soon | cache-server.disk.max-age is "soon" (environment variable CACHESERVER_DISK_MAXAGE): must be a duration like 500ms, 30s, 5m, 12h or 7d
                    --cache-server.disk.path= | cache-server.disk.path is "" (command line): must not be blank
                    --cache-server.s3.upload-concurrency=-1 | cache-server.s3.upload-concurrency is "-1" (command line): must be greater than or equal to 0
                    --cache-server.s3.upload-concurrency=many | cache-server.s3.upload-concurrency is "many" (command line): must be a whole number
                    --cache-server.s3.object-coding=gzip | cache-server.s3.object-coding is "gzip" (command line): must be one of identity, zstd
                    --cache-server.page.enabled=perhaps | cache-server.page.enabled is "perhaps" (command line): must be true or false
                    CACHESERVER_PREFETCH_MAXREQUESTS=0 | cache-server.prefetch.max-requests is "0" (environment variable CACHESERVER_PREFETCH_MAXREQUESTS): must be greater than or equal to 1
                    --cache-server.quotas[0].size=1GB | cache-server.quotas[0].namespace is not set: must not be blank
                    --cache-server.quotas[0].namespace=a;--cache-server.quotas[0].size=-1GB | cache-server.quotas[0].size is "-1GB" (command line): must be a size like 10GB, 500MB or 2GiB
                    --cache-server.auth.session.lifetime=1s | cache-server.auth.session.lifetime is "1s" (command line): must be longer than or equal to 1 minute
                    --cache-server.auth.limits.requests-per-second=0 | cache-server.auth.limits.requests-per-second is "0" (command line): must be greater than or equal to 1
                    --cache-server.auth.tokens[0].name=a;--cache-server.auth.tokens[0].access=writer | cache-server.auth.tokens[0].access is "writer" (command line): must be one of read, read-write, observe, admin
                    --cache-server.auth.tokens=hunter2 | cache-server.auth.tokens is wrong (command line): it has no value itself, only settings below it do
                    CACHESERVER_PROFILE=ci | cache-server.profile is "ci" (environment variable CACHESERVER_PROFILE): it has no value itself, only settings below it do
                    CACHESERVER_DISK_MAX_SIZE=1GB | CACHESERVER_DISK_MAX_SIZE is no setting of the service, and ignored: is CACHESERVER_DISK_MAXSIZE meant?
                    CACHESERVER_S3_BUKET=b | CACHESERVER_S3_BUKET is no setting of the service, and ignored: is CACHESERVER_S3_BUCKET meant?
                    CACHESERVER_BUCKET=b | CACHESERVER_BUCKET is no setting of the service, and ignored: is CACHESERVER_S3_BUCKET meant?
                    CACHESERVER_AUTH_TOKENS_0_SECERT=hunter2 | There is no setting CACHESERVER_AUTH_TOKENS_0_SECERT: is CACHESERVER_AUTH_TOKENS_0_SECRET meant?
                    CACHESERVER_AUTH_TOKENS_0_NAME=a;CACHESERVER_AUTH_TOKENS_0_SECERT=hunter2 | CACHESERVER_AUTH_TOKENS_0_SECERT is no setting of the service, and ignored: is CACHESERVER_AUTH_TOKENS_0_SECRET meant?
                    CACHESERVER_XYZZY_PLUGH=1 | CACHESERVER_XYZZY_PLUGH is no setting of the service, and ignored
                    """)
    void ofTheService(String settings, String message) {
        assertThat(ServiceMessages.of(Settings.class, settings.split(";", -1)))
                .isEqualTo(message)
                .doesNotMatch(INTERNALS)
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    --verbose | no server: pass --server URL or set CACHESERVER_URL, like http://host:8080
                    --sever=http://c | unknown flag --sever: is --server meant?
                    --xyzzy=1 | unknown flag --xyzzy
                    srve | unknown command "srve": serve, stop, ci start, ci stop, stable-times, restore, save, goauth, explain and doctor are known
                    --server=cache:8080 | --server (CACHESERVER_URL): "cache:8080" is no URL of a service: it must begin with http://, https:// or unix://. Write it like http://host:8080
                    CACHESERVER_URL=http:/cache | --server (CACHESERVER_URL): "http:/cache" is no URL of a service: it names no host. Write it like http://host:8080
                    --server=http://c;--cache-max-size=big | --cache-max-size (CACHESERVER_CACHEMAXSIZE): "big" is no size: write it like 10GB, 500MB or 2GiB
                    --server=http://c;--prefetch-max-bytes=-1 | --prefetch-max-bytes (CACHESERVER_PREFETCHMAXBYTES): "-1" is no size: write it like 10GB, 500MB or 2GiB
                    --server=http://c;--request-timeout=0 | --request-timeout (CACHESERVER_REQUESTTIMEOUT) must be at least 1ms
                    --server=http://c;--mode=rw | --mode (CACHESERVER_MODE) is "rw", not read-write, read-only or write-only
                    --server=http://c;CACHESERVER_VERBOSE=perhaps | --verbose (CACHESERVER_VERBOSE) is "perhaps", not true or false
                    --server=http://c;--client-key=k.pem | --client-key (CACHESERVER_CLIENTKEY) needs --client-cert (CACHESERVER_CLIENTCERT)
                    --server=http://c;--token | flag --token needs a value
                    CACHESERVER_URL=http://c;CACHESERVER_CACHE_DIR=/c | CACHESERVER_CACHE_DIR is no setting of the adapter, and ignored: is CACHESERVER_CACHEDIR meant?
                    """)
    void ofTheAdapter(String settings, String message) {
        assertThat(AdapterMessages.of(settings.split(";", -1)))
                .isEqualTo(message)
                .doesNotMatch(INTERNALS);
    }

    @Test
    void sizesAreReadAsTheAdapterReadsThem() {
        for (String size : List.of("10G", "10GB", "10GiB", "0", "16MB")) {
            assertThat(ServiceMessages.of(Settings.class, "--cache-server.disk.max-size=" + size))
                    .as(size)
                    .isEmpty();
        }
    }

    @Test
    void variablesOfTheAdapterAndOfKubernetesAreNoMistakes() {
        for (String variable : AdapterMessages.variables()) {
            if (variable.equals("CACHESERVER_PROFILE")) {
                continue; // is a group of the service's settings, too
            }
            assertThat(ServiceMessages.of(Settings.class, variable + "=1")).as(variable).isEmpty();
        }
        assertThat(
                        ServiceMessages.of(
                                Settings.class,
                                "CACHESERVER_PORT=tcp://10.0.0.1:80",
                                "CACHESERVER_SERVICE_HOST=10.0.0.1",
                                "CACHESERVER_AUTH_ISSUERS_GITHUB_URI=https://issuer.example",
                                "CACHESERVER_AUTH_ISSUERS_GITHUB_AUDIENCE=a",
                                "CACHESERVER_AUTH_TOKENS_0_NAME=a",
                                "CACHESERVER_AUTH_TOKENS_0_READS_0=b",
                                "CACHESERVER_DISK_PATH=/d"))
                .isEmpty();
    }

    @EnableConfigurationProperties({
        AdapterProperties.class,
        AuthProperties.class,
        PrefetchProperties.class,
        DiskProperties.class,
        KnownSettings.class,
        PageProperties.class,
        ProfileProperties.class,
        S3Properties.class,
        ShutdownProperties.class,
        WebProperties.class
    })
    static class Settings {}
}
