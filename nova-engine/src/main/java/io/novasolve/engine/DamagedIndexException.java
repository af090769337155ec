package io.novasolve.engine;

import io.novasolve.engine.index.Index;

/** Reading an index failed during a search: carries which one to the caller. */
final class DamagedIndexException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Index index;

    DamagedIndexException(Index index, Throwable cause) {
        super(cause);
        this.index = index;
    }

    Index index() {
        return index;
    }
}
