package io.gocacheserver.build;

import com.fasterxml.jackson.annotation.JsonValue;

import java.util.Locale;

/** Why a package missed. Names are part of the API. */
enum MissReason {
    NEVER_SEEN,
    EVICTED,
    /** A build has made the action before, and the service did not get it. */
    NOT_UPLOADED,
    /** Builds with other settings have made the package. */
    SETTINGS_DIFFER,
    /** A build with the same settings has made the package, of other sources. */
    SOURCES_CHANGED,
    /** It imports another package that changed, which hit. */
    DEPENDENCY_CHANGED,
    /** It imports a package that missed: no root. */
    DEPENDENCY,
    /** Files or variables that a test reads have changed. */
    INPUTS_CHANGED,
    NOT_CACHEABLE,
    /** The service failed, or was not asked. */
    UNANSWERED,
    NOT_KNOWN;

    /** As it stands in answers and metrics. */
    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
