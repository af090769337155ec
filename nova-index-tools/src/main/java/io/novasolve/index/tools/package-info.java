/** Published index series: what they cover, which of them an optics needs, downloads and checks. */
@NullMarked
package io.novasolve.index.tools;

import org.jspecify.annotations.NullMarked;
