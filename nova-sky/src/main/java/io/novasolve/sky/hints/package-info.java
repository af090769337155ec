/** What the header of a picture says of where it points and how large its field is: hints, which may well be wrong. */
@NullMarked
package io.novasolve.sky.hints;

import org.jspecify.annotations.NullMarked;
