package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexFormatException;

/** Reading an index failed during a search: carries which one to the caller. */
final class DamagedIndexException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Index index;

    DamagedIndexException(Index index, Throwable cause) {
        super(cause);
        this.index = index;
    }

    IndexFormatException toFormatException() {
        return getCause() instanceof InternalError fault
                ? IndexFormatException.unreadablePage(index.name(), fault)
                : new IndexFormatException(index.name(), "its data are damaged (" + getCause() + ")", this);
    }
}
