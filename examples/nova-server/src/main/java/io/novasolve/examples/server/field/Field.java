package io.novasolve.examples.server.field;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.products.Products;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final List<String> SOLUTION_FILES =
            List.of(SolutionFiles.WCS, SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH);

    /**
     * A line of the grid.
     *
     * @param label empty if another piece of the same line has it
     */
    public record Line(String label, List<PixelPosition> points) {}

    /** The star list of a job; empty before it was searched with. */
    public static Optional<StarList> stars(Backend backend, Job job) throws IOException {
        Optional<byte[]> axy = backend.file(job, JobFile.NAME);
        return axy.isEmpty()
                ? Optional.empty()
                : Optional.of(JobFile.read(axy.get(), job.image().fileName()).stars());
    }

    private static Optional<Solution> solution(Backend backend, Job job) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : SOLUTION_FILES) {
            Optional<byte[]> file = backend.file(job, name);
            if (file.isPresent()) {
                files.put(name, file.get());
            }
        }
        return SolutionFiles.read(files);
    }

    /** What can be made of a solved job; empty if it is not solved, or its files are gone. */
    public static Optional<Products> products(Backend backend, Job job, FieldCatalogue catalogue) throws IOException {
        Optional<Solution> solution = solution(backend, job);
        Optional<StarList> stars = stars(backend, job);
        if (solution.isEmpty() || stars.isEmpty()) {
            return Optional.empty();
        }
        byte[] picture = backend.bytes(job.image().content());
        String name = job.image().fileName();
        return Optional.of(
                InputKind.of(picture) == InputKind.STAR_LIST
                        ? Products.of(name, solution.get(), stars.get(), catalogue.sky())
                        : Products.of(picture, name, solution.get(), stars.get(), catalogue.sky()));
    }

    /** What there is to draw of a job. */
    public static Field of(Backend backend, Job job) throws IOException {
        List<PixelPosition> detected = new ArrayList<>();
        StarList stars = stars(backend, job).orElse(null);
        for (int i = 0; stars != null && i < stars.size(); i++) {
            detected.add(new PixelPosition(stars.x(i), stars.y(i)));
        }
        if (!(job.outcome() instanceof ImageOutcome.Solved solved)) {
            return new Field(null, detected, List.of(), List.of(), List.of());
        }
        Wcs wcs = solved.calibration().wcs();
        Optional<Solution> solution = solution(backend, job);
        return new Field(
                wcs,
                detected,
                solution.map(s -> onPicture(wcs, s.referenceStars())).orElseGet(List::of),
                solution.map(s -> s.matchedStars().stream()
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
