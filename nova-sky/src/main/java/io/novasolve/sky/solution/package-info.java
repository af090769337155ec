/** What a plate solve yields: the WCS, the matched stars, the catalogue stars in the field, the match itself; and their files. */
@NullMarked
package io.novasolve.sky.solution;

import org.jspecify.annotations.NullMarked;
