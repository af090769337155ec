/** Shared by the packages of this module and no part of its interface. */
@NullMarked
package io.novasolve.sky.internal;

import org.jspecify.annotations.NullMarked;
