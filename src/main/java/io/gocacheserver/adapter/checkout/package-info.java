/** The times of the files of a Git checkout, by which the Go command knows what tests have read. */
@NullMarked
package io.gocacheserver.adapter.checkout;

import org.jspecify.annotations.NullMarked;
