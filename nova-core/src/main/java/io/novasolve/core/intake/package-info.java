/** From what was handed in to single images: archives and compressed files, with hard limits. */
@NullMarked
package io.novasolve.core.intake;

import org.jspecify.annotations.NullMarked;
