/** Contract tests of the SPIs, and what tests need: conditions, pictures with known answers, star fields. */
@NullMarked
package io.novasolve.testkit;

import org.jspecify.annotations.NullMarked;
