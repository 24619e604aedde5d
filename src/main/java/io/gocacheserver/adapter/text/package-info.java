/** Formats that Go and HTTP write as text: times and durations, without the start-up cost of java.time's parsers. */
@NullMarked
package io.gocacheserver.adapter.text;

import org.jspecify.annotations.NullMarked;
