/** What is made from a solution. */
@NullMarked
package io.novasolve.products;

import org.jspecify.annotations.NullMarked;
