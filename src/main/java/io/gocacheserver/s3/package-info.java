/** The S3 tier: keys and records as go-cache-plugin writes them, and the bounded upload queue. */
@NullMarked
package io.gocacheserver.s3;

import org.jspecify.annotations.NullMarked;
