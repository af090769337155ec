package io.novasolve.core.pipeline;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.hints.HeaderHintsReader;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** From the bytes of an image to the star lists that are worth a search, each made when its turn comes. */
public final class ImageReader {

    /** Stars used for quads in the first, short searches of a picture. */
    private static final int[] SHALLOW_DEPTHS = {30};

    /** Gives a star list when its turn comes, and the same one again; for one thread. */
    @FunctionalInterface
    interface Stars {
        StarList get() throws InterruptedException;
    }

    /**
     * One search of an image.
     *
     * @param name how the list is made, for the log
     * @param options for this search
     */
    record Pass(String name, Stars stars, SolveOptions options) {}

    /**
     * An image that was read.
     *
     * @param options those given, completed by what the file itself says
     * @param passes the searches to make, in this order; at least one
     */
    record Image(SolveOptions options, List<Pass> passes) {}

    private final PictureReader pictures = new PictureReader();
    private final StarListReader starLists = new StarListReader();
    private final SourceExtractor extractor;

    /** @param threads of the executor that extract the stars of one picture */
    public ImageReader(Executor executor, int threads) {
        this.extractor = new SourceExtractor(executor, threads);
    }

    /** @throws UnreadableInputException if the bytes are neither a picture nor a star list */
    Image read(byte[] bytes, String fileName, SolveOptions options) throws UnreadableInputException {
        return InputKind.of(bytes) == InputKind.STAR_LIST
                ? starList(bytes, fileName, options)
                : picture(bytes, fileName, options);
    }

    /**
     * Most pictures solve with the brightest stars of the first list, and nearly all others with those of the second: the
     * two take turns, a step deeper each time, before either is searched to its end.
     */
    private Image picture(byte[] bytes, String fileName, SolveOptions options) throws UnreadableInputException {
        Picture picture = pictures.read(bytes, fileName);
        Stars standard = extraction(picture, ExtractionSettings.standard(), options);
        Stars second = extraction(picture, ExtractionSettings.second(), options);
        List<Pass> passes = new ArrayList<>();
        Integer from = options.depthFrom();
        SolveOptions hinted = HintedOptions.of(HeaderHintsReader.read(bytes, picture.width()), picture, options);
        if (hinted != null && from == null) {
            // A part of the search that follows, so it can cost no more than that, and its failure means nothing.
            passes.add(new Pass("standard extraction, hints of the header", standard, hinted));
        }
        for (int depth : SHALLOW_DEPTHS) {
            boolean deeper = options.depth() == null || options.depth() > depth;
            if (deeper && (from == null || from <= depth)) {
                addPasses(passes, standard, second, options, from, depth);
                from = depth + 1;
            }
        }
        addPasses(passes, standard, second, options, from, options.depth());
        return new Image(options, passes);
    }

    private static void addPasses(
            List<Pass> passes,
            Stars standard,
            Stars second,
            SolveOptions options,
            @Nullable Integer from,
            @Nullable Integer to) {
        SolveOptions step =
                SolveOptions.builder().depthFrom(from).depth(to).build().orElse(options);
        String stars = from == null && to == null
                ? ""
                : String.format(Locale.ROOT, ", stars %d to %s", from == null ? 1 : from, to == null ? "the last" : to);
        passes.add(new Pass("standard extraction" + stars, standard, step));
        passes.add(new Pass("second extraction" + stars, second, step));
    }

    /** A job file brings its own options; those of the submission win. */
    private Image starList(byte[] bytes, String fileName, SolveOptions options) throws UnreadableInputException {
        SolveOptions effective = options;
        if (JobFile.isJobFile(bytes)) {
            effective = options.orElse(JobFile.read(bytes, fileName).options());
        }
        double width = effective.width() == null ? 0 : effective.width();
        double height = effective.height() == null ? 0 : effective.height();
        StarList stars = starLists.read(bytes, fileName, width, height);
        StarList used = effective.maxStars() == null ? stars : stars.first(effective.maxStars());
        return new Image(effective, List.of(new Pass("as given", () -> used, effective)));
    }

    private Stars extraction(Picture picture, ExtractionSettings preset, SolveOptions options) {
        ExtractionSettings settings = adapt(preset, options);
        AtomicReference<@Nullable StarList> made = new AtomicReference<>();
        return () -> {
            StarList stars = made.get();
            if (stars == null) {
                stars = extractor.extract(picture, settings);
                made.set(stars);
            }
            return stars;
        };
    }

    private static ExtractionSettings adapt(ExtractionSettings preset, SolveOptions options) {
        ExtractionSettings settings = preset;
        if (options.invert() != null) {
            settings = settings.withInvert(options.invert());
        }
        if (options.downsample() != null) {
            settings = settings.withDownsample(options.downsample());
        }
        if (options.maxStars() != null) {
            settings = settings.withMaxStars(options.maxStars());
        }
        return settings;
    }
}
