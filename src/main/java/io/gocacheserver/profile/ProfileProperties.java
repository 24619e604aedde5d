package io.gocacheserver.profile;

import io.gocacheserver.wire.BuildProfile;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * Build profiles.
 *
 * @param maxActions Actions in one profile.
 * @param keepBuilds Builds after which an action that none of them used leaves a profile.
 * @param maxAge Time after which an action that was not used leaves a profile, when the next build is noted.
 * @param maxSize What all profiles may take on disk, beside the disk tier's max-size.
 * @param recheck How old what is known of S3 may be when a profile is read.
 */
@Validated
@ConfigurationProperties(value = "cache-server.profile", ignoreUnknownFields = false)
public record ProfileProperties(
        @Min(1) @Max(1_000_000) @DefaultValue("32768") int maxActions,
        @Min(1) @Max(BuildProfile.MAX_BUILDS) @DefaultValue("10") int keepBuilds,
        @NotNull @DefaultValue("14d") Duration maxAge,
        @NotNull @DefaultValue("128MB") DataSize maxSize,
        @NotNull @DefaultValue("10s") Duration recheck) {}
