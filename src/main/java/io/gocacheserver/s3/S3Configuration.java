package io.gocacheserver.s3;

import io.awspring.cloud.autoconfigure.s3.S3ClientCustomizer;
import io.gocacheserver.cache.CacheCounters;
import io.gocacheserver.cache.LocalTier;
import io.gocacheserver.cache.TieredCache;
import io.gocacheserver.cache.Uploader;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;

import java.time.Duration;

@Configuration(proxyBeanMethods = false)
@Conditional(OnBucketCondition.class)
@EnableAsync
class S3Configuration {

    private static final int MAX_CONNECTIONS = 128;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /**
     * Checksums only where S3 requires them: the cache verifies every object itself, and not every S3 server knows the
     * newer ones.
     */
    @Bean
    S3ClientCustomizer s3ClientCustomizer(S3Properties properties) {
        return client ->
                client.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .httpClientBuilder(
                                Apache5HttpClient.builder()
                                        .maxConnections(MAX_CONNECTIONS)
                                        .connectionTimeout(CONNECT_TIMEOUT)
                                        .connectionAcquisitionTimeout(properties.readTimeout())
                                        .socketTimeout(properties.readTimeout()));
    }

    @Bean
    S3Tier s3Tier(S3Client s3, S3Properties properties) {
        return new S3Tier(
                s3, properties.bucket(), properties.keyPrefix(), properties.readTimeout());
    }

    /** Goes on accepting while the last requests finish; {@link UploadDrain} ends it. */
    @Bean(AsyncUploader.EXECUTOR)
    ThreadPoolTaskExecutor uploadExecutor(S3Properties properties) {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setThreadNamePrefix("upload-");
        executor.setCorePoolSize(properties.effectiveUploadConcurrency());
        executor.setMaxPoolSize(properties.effectiveUploadConcurrency());
        executor.setQueueCapacity(properties.uploadQueueCapacity());
        executor.setAcceptTasksAfterContextClose(true);
        executor.setPhase(UploadDrain.PHASE - 1);
        return executor;
    }

    @Bean
    AsyncUploader asyncUploader(
            LocalTier local, S3Tier s3, CacheCounters counters, S3Properties properties) {
        return new AsyncUploader(
                new Uploader(local, s3, counters, properties.uploadTimeout(), System::nanoTime));
    }

    @Bean
    AsyncUploadQueue uploadQueue(
            AsyncUploader uploader,
            @Qualifier(AsyncUploader.EXECUTOR) ThreadPoolTaskExecutor executor) {
        return new AsyncUploadQueue(uploader, executor, System::nanoTime);
    }

    @Bean
    UploadDrain uploadDrain(
            @Qualifier(AsyncUploader.EXECUTOR) ThreadPoolTaskExecutor executor,
            S3Properties properties) {
        return new UploadDrain(executor, properties.drainTimeout());
    }

    @Bean
    TieredCache.Remote remote(S3Tier s3, AsyncUploadQueue uploads, S3Properties properties) {
        return new TieredCache.Remote(s3, uploads, properties.minUploadSize().toBytes());
    }
}
