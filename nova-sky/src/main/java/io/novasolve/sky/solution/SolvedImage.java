package io.novasolve.sky.solution;

import io.novasolve.sky.stars.StarList;
import java.io.IOException;

/**
 * An image and what was found out about it: all that files and drawings are made of.
 *
 * @param name of its file
 * @param content its bytes: a picture, or a star list
 * @param stars the list that was searched with
 * @param solution where it points
 */
public record SolvedImage(String name, Content content, StarList stars, Solution solution) {

    /** Gives bytes whenever somebody needs them, the same each time; from any thread. */
    @FunctionalInterface
    public interface Content {
        byte[] read() throws IOException;
    }
}
