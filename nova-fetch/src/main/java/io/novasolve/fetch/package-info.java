/** Links that were submitted, fetched over http and https. */
@NullMarked
package io.novasolve.fetch;

import org.jspecify.annotations.NullMarked;
