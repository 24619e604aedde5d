/** What one build did, for people and programs: the line of statistics, JSON, a table, and why there were misses. */
@NullMarked
package io.gocacheserver.adapter.report;

import org.jspecify.annotations.NullMarked;
