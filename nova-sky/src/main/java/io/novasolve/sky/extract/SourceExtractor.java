package io.novasolve.sky.extract;

import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.stars.StarList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Finds the stars on a picture: a matched filter on a picture freed from its background, in the manner of Stetson, P. B.
 * 1987, PASP 99, 191 (DAOPHOT), with local background and noise after Bertin, E. &amp; Arnouts, S. 1996, A&amp;AS 117, 393
 * (SExtractor).
 *
 * <p>A picture without stars (black, white, constant, without values, or smaller than 3 × 3 pixels after binning) gives
 * an empty list. The list is the same whatever the number of threads. Extractors are immutable and may be shared.
 *
 * <p>Besides the picture, an extraction holds at most two 32-bit floats per pixel of the binned picture.
 */
public final class SourceExtractor {

    /** Part of the median noise that no cell falls below: a cell of clipped, flat sky has none of its own. */
    private static final float NOISE_FLOOR = 0.5f;

    /** Rounding of 32-bit floats, as a part of the background, below which nothing is a peak. */
    private static final float ROUNDING = 1e-5f;

    /** Height in σ of the noise around it from which a peak is no more likely to be a part of something else. */
    private static final float CERTAIN = 15;

    /** Rows smoothed by one task; fewer would repeat too many of the rows that tasks share. */
    private static final int ROWS_PER_TASK = 96;

    private final Workers workers;

    /**
     * @param executor runs the helpers of the calling thread; may be saturated, closed or shared
     * @param threads that work on one picture, the calling one included
     * @throws IllegalArgumentException if {@code threads} is not positive
     */
    public SourceExtractor(Executor executor, int threads) {
        if (threads <= 0) {
            throw new IllegalArgumentException("extraction needs at least one thread, but got " + threads);
        }
        this.workers = new Workers(Objects.requireNonNull(executor), threads);
    }

    /**
     * Finds stars, the most trusted first: by brightness, but those of one part of the picture by turns with those of the
     * others. The flux of a star is the height of its smoothed image above the background.
     *
     * @throws InterruptedException if the calling thread is interrupted; the picture is not read any more then
     */
    public StarList extract(Picture picture, ExtractionSettings settings) throws InterruptedException {
        Detection detection = settings.detection();
        BinnedImage image = BinnedImage.empty(picture, settings);
        Cells cells = Cells.of(image.width(), image.height(), detection.cell());
        Mesh background = readAndMeasureBackground(image, cells);
        SmoothedImage smoothed = smooth(image, background, detection);
        Mesh noise = measureNoise(smoothed, background);
        List<Peak> peaks = findPeaks(smoothed, noise, detection);
        peaks.removeIf(new HotPixels(image, background)::made);
        peaks.sort(Peak.HIGHEST_FIRST);
        List<Star> ranked = rank(Separation.apply(smoothed, peaks), smoothed, noise, detection.rank());
        List<Peak> stars =
                new Spread(image.width(), image.height(), detection.spread()).order(ranked, settings.maxStars());
        return list(stars, picture, image, smoothed, background);
    }

    private Mesh readAndMeasureBackground(BinnedImage image, Cells cells) throws InterruptedException {
        Mesh medians = new Mesh(cells);
        workers.forEach(cells.rows(), () -> {
            BinnedImage.Reader reader = image.new Reader();
            CellSample sample = new CellSample();
            return row -> {
                reader.read(cells.top(row), cells.top(row + 1));
                for (int column = 0; column < cells.columns(); column++) {
                    sample.take(image::row, cells, column, row);
                    medians.set(column, row, sample.median());
                }
            };
        });
        return medians.smoothed();
    }

    private SmoothedImage smooth(BinnedImage image, Mesh background, Detection detection) throws InterruptedException {
        SmoothedImage smoothed = new SmoothedImage(image, background, detection.smoothing());
        Cells bands = Cells.of(image.width(), image.height(), ROWS_PER_TASK);
        workers.forEach(bands.rows(), () -> {
            SmoothedImage.Smoother smoother = smoothed.new Smoother();
            return band -> smoother.smooth(bands.top(band), bands.top(band + 1));
        });
        return smoothed;
    }

    private Mesh measureNoise(SmoothedImage smoothed, Mesh background) throws InterruptedException {
        Cells cells = background.cells();
        Mesh noise = new Mesh(cells);
        workers.forEach(cells.rows(), () -> {
            CellSample sample = new CellSample();
            return row -> {
                for (int column = 0; column < cells.columns(); column++) {
                    sample.take(smoothed::row, cells, column, row);
                    noise.set(column, row, sample.noise());
                }
            };
        });
        float floor = Math.max(NOISE_FLOOR * noise.median(), ROUNDING * Math.abs(background.median()));
        return noise.smoothed().atLeast(floor);
    }

    private List<Peak> findPeaks(SmoothedImage smoothed, Mesh noise, Detection detection) throws InterruptedException {
        PeakFinder finder = new PeakFinder(smoothed, noise, detection.threshold());
        List<List<Peak>> byRow = new ArrayList<>();
        for (int i = 0; i < noise.cells().rows(); i++) {
            byRow.add(new ArrayList<>());
        }
        workers.forEach(byRow.size(), () -> row -> finder.find(row, byRow.get(row)));
        List<Peak> all = new ArrayList<>();
        byRow.forEach(all::addAll);
        return all;
    }

    private static List<Star> rank(List<Peak> peaks, SmoothedImage smoothed, Mesh noise, Detection.Rank rank) {
        Contrast contrast = new Contrast(smoothed);
        return peaks.stream()
                .map(peak -> new Star(
                        peak, trust(peak, noise) * (rank == Detection.Rank.HEIGHT ? peak.height() : contrast.of(peak))))
                .sorted(Star.BEST_FIRST)
                .toList();
    }

    /**
     * Leaves and clouds are bright, but stand as little above their restless surroundings as those above the sky. Where the
     * noise is the same all over the picture, the order stays as it is.
     */
    private static float trust(Peak peak, Mesh noise) {
        float certain = CERTAIN * noise.interpolate(peak.x(), peak.y());
        return peak.height() < certain ? peak.height() / certain : 1;
    }

    private static StarList list(
            List<Peak> stars, Picture picture, BinnedImage image, SmoothedImage smoothed, Mesh background) {
        Centroid centroid = new Centroid(smoothed);
        int n = stars.size();
        double[] x = new double[n];
        double[] y = new double[n];
        float[] flux = new float[n];
        float[] sky = new float[n];
        for (int i = 0; i < n; i++) {
            Peak star = stars.get(i);
            x[i] = image.toPicture(centroid.x(star));
            y[i] = image.toPicture(centroid.y(star));
            flux[i] = star.height();
            sky[i] = image.toBrightness(background.interpolate(star.x(), star.y()));
        }
        return StarList.of(picture.width(), picture.height(), x, y, flux, sky);
    }
}
