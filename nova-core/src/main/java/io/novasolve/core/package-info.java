/** The door: Nova takes pictures of the sky and hands out where they point. */
@NullMarked
package io.novasolve.core;

import org.jspecify.annotations.NullMarked;
