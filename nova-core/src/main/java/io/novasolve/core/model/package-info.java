/** The nouns: submissions, images, jobs, calibrations and the options of a solve. Immutable, validated on construction. */
@NullMarked
package io.novasolve.core.model;

import org.jspecify.annotations.NullMarked;
