/** The nova command. */
@NullMarked
package io.novasolve.examples.cli;

import org.jspecify.annotations.NullMarked;
