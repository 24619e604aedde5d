/** What tests of several packages need: objects, fake servers, real servers. */
@NullMarked
package io.gocacheserver.testsupport;

import org.jspecify.annotations.NullMarked;
