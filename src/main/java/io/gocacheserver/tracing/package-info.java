/** Traces: requests, tiers and S3 calls as spans, where somebody has said to whom they are to be sent. */
@NullMarked
package io.gocacheserver.tracing;

import org.jspecify.annotations.NullMarked;
