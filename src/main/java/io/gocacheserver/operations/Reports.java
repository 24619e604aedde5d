package io.gocacheserver.operations;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.StoreReport;

import org.jspecify.annotations.Nullable;

/** The reports behind metrics and the overview; without an S3 tier there are no uploads. */
public record Reports(CachedValue<StoreReport> store, @Nullable CachedValue<Statistics> uploads) {}
