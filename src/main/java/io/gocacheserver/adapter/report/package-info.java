/** Reports of a build for people and programs: a line of statistics, JSON, a table. */
@NullMarked
package io.gocacheserver.adapter.report;

import org.jspecify.annotations.NullMarked;
