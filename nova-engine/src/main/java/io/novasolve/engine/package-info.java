/** A blind plate solver: a star list and index files in, a solution out. */
@org.jspecify.annotations.NullMarked
package io.novasolve.engine;
