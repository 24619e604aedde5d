/** What is said of a build: to people, in files, and to the service. */
@NullMarked
package io.gocacheserver.adapter.report;

import org.jspecify.annotations.NullMarked;
