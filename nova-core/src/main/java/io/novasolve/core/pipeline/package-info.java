/** How work flows: worker pools, leases, extraction and solve. Not API. */
@NullMarked
package io.novasolve.core.pipeline;

import org.jspecify.annotations.NullMarked;
