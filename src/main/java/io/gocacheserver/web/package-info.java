/** The HTTP contract: one controller a resource, and one place that renders errors. */
@NullMarked
package io.gocacheserver.web;

import org.jspecify.annotations.NullMarked;
