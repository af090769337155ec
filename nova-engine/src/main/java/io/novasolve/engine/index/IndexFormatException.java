package io.novasolve.engine.index;

import io.novasolve.sky.UnreadableInputException;
import org.jspecify.annotations.Nullable;

/** An index file that is not one, is damaged or cut short, or uses an encoding that is not supported. */
public final class IndexFormatException extends UnreadableInputException {

    private static final long serialVersionUID = 1;

    private final String indexName;
    private final String reason;

    /**
     * @param indexName file or resource that was read
     * @param reason what is wrong with it
     */
    public IndexFormatException(String indexName, String reason, @Nullable Throwable cause) {
        super("the index " + indexName + " cannot be used: " + reason + "; fetch or build it again", cause);
        this.indexName = indexName;
        this.reason = reason;
    }

    public IndexFormatException(String indexName, String reason) {
        this(indexName, reason, null);
    }

    /**
     * For a mapped file that lost bytes, or whose disk failed, while it was in use.
     *
     * @param fault as which the JVM reports a page that cannot be read
     */
    public static IndexFormatException unreadablePage(String indexName, InternalError fault) {
        return new IndexFormatException(
                indexName, "its file was cut short while it was in use, or its disk has failed", fault);
    }

    /** The file or resource. */
    public String indexName() {
        return indexName;
    }

    /** What is wrong with it. */
    public String reason() {
        return reason;
    }
}
