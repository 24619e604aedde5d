package io.gocacheserver.s3;

import io.awspring.cloud.autoconfigure.s3.S3ClientCustomizer;
import io.gocacheserver.cache.BackOff;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.Outage;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.Uploader;
import io.gocacheserver.cache.tier.LocalCatalogue;
import io.gocacheserver.cache.tier.LocalTier;
import io.gocacheserver.cache.tier.PendingUploads;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.TierDecorator;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.s3.uploads.AsyncUploader;
import io.gocacheserver.s3.uploads.UploadDispatcher;
import io.gocacheserver.s3.uploads.UploadLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

@Configuration(proxyBeanMethods = false)
@EnableAsync
@Conditional(S3ClientSwitch.OnBucket.class)
class S3Configuration {

    private static final Logger log = LoggerFactory.getLogger(S3Configuration.class);

    private static final int MAX_CONNECTIONS = 128;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Uploads that may be pending, which are rows of the index; further ones are dropped. */
    private static final int UPLOAD_QUEUE_CAPACITY = 1_000_000;

    /** Failures, and age, at which an upload is given up; failures while S3 does not work at all do not count. */
    private static final int UPLOAD_MAX_ATTEMPTS = 10;

    private static final Duration UPLOAD_MAX_AGE = Duration.ofDays(7);

    /** The first pause of all uploads when S3 does not work, and of one that fails while others arrive; and the longest ones. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LAST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);

    /**
     * Checksums only where S3 requires them: the cache verifies every object itself, and not every S3 server knows the newer
     * ones.
     */
    @Bean
    S3ClientCustomizer s3ClientCustomizer(
            S3Properties properties, ObjectProvider<ExecutionInterceptor> tracing) {
        return client -> {
            tracing.ifAvailable(
                    each ->
                            client.overrideConfiguration(
                                    client.overrideConfiguration()
                                            .copy(o -> o.addExecutionInterceptor(each))));
            client.authSchemeProvider(new S3PayloadSigning())
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .httpClientBuilder(
                            Apache5HttpClient.builder()
                                    .maxConnections(MAX_CONNECTIONS)
                                    .connectionTimeout(CONNECT_TIMEOUT)
                                    .connectionAcquisitionTimeout(properties.readTimeout())
                                    .socketTimeout(properties.readTimeout()));
        };
    }

    @Bean
    S3Tier s3Tier(S3Client s3, S3Properties properties) {
        return new S3Tier(
                s3,
                properties.bucket(),
                properties.keyPrefix(),
                properties.objectCoding(),
                properties.readTimeout());
    }

    /** Tries the bucket in the background, so that a wrong setting is said before the first build needs S3. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> s3StartupCheck(S3Tier s3) {
        return event -> Thread.ofVirtual().name("s3-startup-check").start(() -> check(s3));
    }

    private static void check(S3Tier s3) {
        try {
            s3.check();
        } catch (TierException e) {
            log.warn(e.getMessage());
        } catch (RuntimeException e) {
            log.debug("the service ends before it has tried its bucket", e);
        }
    }

    @Bean
    S3Documents s3Documents(S3Client s3, S3Properties properties) {
        return new S3Documents(
                s3, properties.bucket(), properties.keyPrefix(), properties.readTimeout());
    }

    @Bean(AsyncUploader.EXECUTOR)
    ThreadPoolTaskExecutor uploadExecutor(S3Properties properties) {
        int concurrency = properties.effectiveUploadConcurrency();
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setThreadNamePrefix("upload-");
        executor.setCorePoolSize(concurrency);
        executor.setMaxPoolSize(concurrency);
        executor.setQueueCapacity(UploadDispatcher.AHEAD * concurrency);
        executor.setAcceptTasksAfterContextClose(true);
        executor.setPhase(UploadLoop.PHASE - 1);
        return executor;
    }

    @Bean
    AsyncUploader asyncUploader() {
        return new AsyncUploader();
    }

    @Bean
    Uploader uploader(
            LocalTier local,
            LocalCatalogue damaged,
            S3Tier s3,
            ObjectProvider<TierDecorator> decorator,
            CacheCounters counters,
            S3Properties properties) {
        return new Uploader(
                local,
                damaged,
                decorated(s3, decorator),
                counters,
                properties.uploadTimeout(),
                System::nanoTime);
    }

    @Bean
    UploadDispatcher uploadQueue(
            PendingUploads pending,
            Uploader uploader,
            AsyncUploader async,
            S3Properties properties) {
        UploadDispatcher.Policy policy =
                new UploadDispatcher.Policy(
                        properties.effectiveUploadConcurrency(),
                        UPLOAD_QUEUE_CAPACITY,
                        UPLOAD_MAX_ATTEMPTS,
                        UPLOAD_MAX_AGE);
        DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        return new UploadDispatcher(
                pending,
                uploader::upload,
                async::run,
                policy,
                new Outage(new BackOff(FIRST_PAUSE, LAST_PAUSE, random), System::nanoTime),
                new BackOff(FIRST_PAUSE, LAST_RETRY, random),
                InstantSource.system(),
                System::nanoTime);
    }

    @Bean
    UploadLoop uploadLoop(
            UploadDispatcher uploads,
            @Qualifier(AsyncUploader.EXECUTOR) ThreadPoolTaskExecutor executor,
            S3Properties properties) {
        return new UploadLoop(uploads, executor.getThreadPoolExecutor(), properties.drainTimeout());
    }

    @Bean
    TieredCache.Remote remote(
            S3Tier s3,
            ObjectProvider<TierDecorator> decorator,
            UploadDispatcher uploads,
            S3Properties properties) {
        return new TieredCache.Remote(
                decorated(s3, decorator), uploads, properties.minUploadSize().bytes());
    }

    private static RemoteTier decorated(S3Tier s3, ObjectProvider<TierDecorator> decorator) {
        TierDecorator tracing = decorator.getIfAvailable();
        return tracing == null ? s3 : tracing.decorate(s3);
    }
}
