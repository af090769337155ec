package io.novasolve.products;

import io.novasolve.sky.SkyPosition;
import java.util.List;

/**
 * A border between two constellations, or a part of it.
 *
 * @param between the two
 * @param line a point every degree along lines of Dec of 1875, J2000
 */
public record ConstellationBorder(List<Constellation> between, List<SkyPosition> line) {

    public ConstellationBorder {
        between = List.copyOf(between);
        line = List.copyOf(line);
    }
}
