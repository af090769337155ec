package io.novasolve.examples.server.field;

import io.novasolve.core.Nova;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.SolvedImage;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be drawn over a picture. Positions are pixels, the first pixel's centre at (1, 1), rows as they are stored.
 *
 * @param wcs null if it is not solved
 * @param detected stars of the list that was searched with, in its order
 * @param reference stars of the index that are on the picture
 * @param matched stars of the index that were matched with detected ones
 * @param grid lines of equal RA and Dec
 */
public record Field(
        @Nullable Wcs wcs,
        List<PixelPosition> detected,
        List<PixelPosition> reference,
        List<PixelPosition> matched,
        List<Line> grid) {

    /**
     * A line of the grid.
     *
     * @param label empty if another piece of the same line has it
     */
    public record Line(String label, List<PixelPosition> points) {}

    /** What there is to draw of a job. */
    public static Field of(Nova nova, Job job) {
        Optional<SolvedImage> solved = nova.solved(job);
        StarList stars =
                solved.map(SolvedImage::stars).or(() -> nova.stars(job)).orElse(null);
        List<PixelPosition> detected = new ArrayList<>();
        for (int i = 0; stars != null && i < stars.size(); i++) {
            detected.add(new PixelPosition(stars.x(i), stars.y(i)));
        }
        if (!(job.outcome() instanceof ImageOutcome.Solved outcome)) {
            return new Field(null, detected, List.of(), List.of(), List.of());
        }
        Wcs wcs = outcome.calibration().wcs();
        return new Field(
                wcs,
                detected,
                solved.map(s -> onPicture(wcs, s.solution().referenceStars())).orElseGet(List::of),
                solved.map(s -> s.solution().matchedStars().stream()
                                .map(MatchedStar::index)
                                .toList())
                        .orElseGet(List::of),
                new SkyGrid(wcs).lines());
    }

    private static List<PixelPosition> onPicture(Wcs wcs, List<ReferenceStar> stars) {
        List<PixelPosition> pixels = new ArrayList<>();
        for (ReferenceStar star : stars) {
            SkyPosition sky = star.position();
            wcs.skyToPixel(sky)
                    .filter(p -> p.x() > 0.5 && p.y() > 0.5 && p.x() < wcs.width() + 0.5 && p.y() < wcs.height() + 0.5)
                    .ifPresent(pixels::add);
        }
        return pixels;
    }
}
