package io.novasolve.products;

import io.novasolve.sky.SkyPosition;
import java.util.List;

/**
 * A constellation and its figure.
 *
 * @param abbreviation of the IAU, three letters
 * @param name in Latin
 * @param figure lines from star to star, each of at least two positions, J2000
 */
public record Constellation(String abbreviation, String name, List<List<SkyPosition>> figure) {

    public Constellation {
        figure = figure.stream().map(List::copyOf).toList();
    }

    /** The stars of the figure, each once. */
    public List<SkyPosition> stars() {
        return figure.stream().flatMap(List::stream).distinct().toList();
    }
}
