package io.novasolve.sky.solution;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;

/**
 * A star of the picture and the catalogue star it was matched with: a row of {@code corr.fits}.
 *
 * @param field where the star is on the picture
 * @param fieldSky where the final WCS puts it on the sky
 * @param index where the final WCS puts the catalogue star on the picture
 * @param indexSky where the catalogue has it, ICRS at the epoch of the index
 * @param fieldRow row of the star in the star list, from 0
 * @param indexRow row of the catalogue star among the solution's reference stars, from 0
 * @param weight confidence in the pair, 0…1
 */
public record MatchedStar(
        PixelPosition field,
        SkyPosition fieldSky,
        PixelPosition index,
        SkyPosition indexSky,
        int fieldRow,
        int indexRow,
        double weight) {

    /** Distance between star and catalogue star on the picture, in pixels. */
    public double residualPx() {
        return Math.hypot(field.x() - index.x(), field.y() - index.y());
    }
}
