package io.gocacheserver.operations;

import io.gocacheserver.cache.UploadQueue.Statistics;
import io.gocacheserver.cache.tier.StoreReport;

import org.jspecify.annotations.Nullable;

/**
 * What metrics and the overview are taken from.
 *
 * @param uploads null without an S3 tier
 */
public record Reports(Kept<StoreReport> store, @Nullable Kept<Statistics> uploads) {}
