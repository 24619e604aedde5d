/** What a tier is: the contracts of the places that keep actions and objects, and what they exchange. */
@NullMarked
package io.gocacheserver.cache.tier;

import org.jspecify.annotations.NullMarked;
