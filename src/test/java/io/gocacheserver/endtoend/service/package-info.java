/** The service as a process: its log, its end, TLS, who may do what, what it tells of builds. */
@NullMarked
package io.gocacheserver.endtoend.service;

import org.jspecify.annotations.NullMarked;
