/** Index files: catalogue stars and the quads made of them, with search trees over both. */
@org.jspecify.annotations.NullMarked
package io.novasolve.engine.index;
