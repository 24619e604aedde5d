/** The service as one session's cache. */
@NullMarked
package io.gocacheserver.adapter.remote.service;

import org.jspecify.annotations.NullMarked;
