/** The upload queue: takes pending uploads from the local tier, retries, and holds still in an outage. */
@NullMarked
package io.gocacheserver.s3.uploads;

import org.jspecify.annotations.NullMarked;
