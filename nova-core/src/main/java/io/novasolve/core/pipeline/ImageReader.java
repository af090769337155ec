package io.novasolve.core.pipeline;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.hints.HeaderHints;
import io.novasolve.sky.hints.HeaderHintsReader;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureFormat;
import io.novasolve.sky.picture.PictureMemory;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** From the bytes of an image to the star lists that are worth a search, each made when its turn comes. */
public final class ImageReader {

    private static final String STANDARD = "standard extraction";
    private static final String COARSE = "coarse extraction";
    private static final String SECOND = "second extraction";

    /** Stars used for quads in the searches of each list, one after the other. */
    private static final int[] STEPS = {30, 60, Integer.MAX_VALUE};

    /**
     * How deep to search where the header says, before the first blind search and after each of the next two: a search
     * with hints costs less than the blind one before it, so a wrong header costs at most as much time again.
     */
    private static final int[] HINTED = {10, 30, 100};

    /** Stars of a list that are kept: many more than a search looks at, and few enough to hold and to send. */
    private static final int KEPT_STARS = 10_000;

    /** Enough to tell a list in text, and a picture, from anything else. */
    private static final int BEGINNING = 1 << 16;

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
     * An image that was read; it is open until it is closed.
     *
     * @param options those given, completed by what the file itself says
     * @param passes the searches to make, in this order; at least one
     * @param source frees what the stars are taken from
     */
    record Image(SolveOptions options, List<Pass> passes, Runnable source) implements AutoCloseable {
        @Override
        public void close() {
            source.run();
        }
    }

    private final PictureReader pictures;
    private final PictureMemory memory;
    private final StarListReader starLists = new StarListReader();
    private final SourceExtractor extractor;
    private final TemporaryFolder temporary;

    /**
     * @param threads of the executor that extract the stars of one picture
     * @param pictures reads them
     * @param memory that they share
     * @param temporary takes content that is in no file of its own while it is read
     */
    public ImageReader(
            Executor executor, int threads, PictureReader pictures, PictureMemory memory, TemporaryFolder temporary) {
        this.pictures = pictures;
        this.memory = memory;
        this.extractor = new SourceExtractor(executor, threads);
        this.temporary = temporary;
    }

    /**
     * Reads a stored image. What it is shows at its beginning; no more is read of what is neither a picture nor a star list. A
     * list in text is read as a stream: it may have any length. Everything else is read from a file.
     *
     * @throws UnreadableInputException if the bytes are neither a picture nor a star list
     * @throws IOException if they cannot be had
     * @throws InterruptedException if the thread is interrupted while pictures of others need the memory for this one
     */
    Image read(ContentStore store, Content content, String fileName, SolveOptions options)
            throws IOException, InterruptedException {
        StoredFile file;
        try (InputStream in = store.open(content.hash())) {
            byte[] beginning = in.readNBytes(BEGINNING);
            if (PictureFormat.of(beginning).isEmpty() && InputKind.of(beginning) == InputKind.STAR_LIST) {
                InputStream text = new SequenceInputStream(new ByteArrayInputStream(beginning), in);
                return asGiven(lists(options).readText(text, fileName, width(options), height(options)), options);
            }
            PictureFormat.require(beginning, fileName);
            file = StoredFile.of(store, content, beginning, in, temporary);
        }
        Image image = null;
        try {
            image = InputKind.of(file.path()) == InputKind.STAR_LIST
                    ? starList(file, fileName, options)
                    : picture(file, fileName, options);
            return image;
        } catch (UnreadableInputException e) {
            if (!store.contains(content.hash())) {
                throw new NoSuchFileException(content.hash().hex(), null, "no content of that hash any more");
            }
            throw e;
        } finally {
            if (image == null) {
                file.close();
            }
        }
    }

    /**
     * Most pictures solve with the brightest stars of the first list, and nearly all others with those of another: all are
     * tried a short way, then a longer one, before any is searched to its end. Hints of the header are tried in between.
     */
    private Image picture(StoredFile file, String fileName, SolveOptions options)
            throws UnreadableInputException, InterruptedException {
        Picture picture = pictures.read(file.path(), fileName, memory);
        List<Pass> passes = null;
        try {
            passes = passes(file, picture, options);
            return new Image(options, passes, () -> {
                picture.close();
                file.close();
            });
        } finally {
            if (passes == null) {
                picture.close();
            }
        }
    }

    private List<Pass> passes(StoredFile file, Picture picture, SolveOptions options) {
        Stars standard = extraction(picture, ExtractionSettings.standard(), options);
        Stars coarse = extraction(picture, ExtractionSettings.coarse(), options);
        Stars second = extraction(picture, ExtractionSettings.second(), options);
        HeaderHints header = HeaderHintsReader.read(file.path(), picture.width());
        SolveOptions hinted = HintedOptions.of(header, picture, options);
        List<Pass> passes = new ArrayList<>();
        // Blocks that somebody chose are as good for the wide stars as for the others.
        SolveOptions wide = options.downsample() == null || options.downsample() == 0 ? options : null;
        String where = STANDARD + ", hints of the header";
        addPass(passes, where, standard, hinted, 1, HINTED[0]);
        addPass(passes, STANDARD, standard, options, 1, STEPS[0]);
        addPass(passes, where, standard, hinted, HINTED[0] + 1, HINTED[1]);
        addPass(passes, COARSE, coarse, wide, 1, STEPS[0]);
        addPass(passes, SECOND, second, options, 1, STEPS[0]);
        addPass(passes, where, standard, hinted, HINTED[1] + 1, HINTED[2]);
        for (int step = 1; step < STEPS.length; step++) {
            addPass(passes, STANDARD, standard, options, STEPS[step - 1] + 1, STEPS[step]);
            addPass(passes, SECOND, second, options, STEPS[step - 1] + 1, STEPS[step]);
            addPass(passes, COARSE, coarse, wide, STEPS[step - 1] + 1, STEPS[step]);
        }
        return passes;
    }

    /**
     * Adds a search with a range of stars as the faintest of a quad, so far as the options want it.
     *
     * @param options null for no search
     */
    private static void addPass(
            List<Pass> passes, String name, Stars stars, @Nullable SolveOptions options, int first, int last) {
        if (options == null) {
            return;
        }
        int from = options.depthFrom() == null ? first : Math.max(first, options.depthFrom());
        int to = options.depth() == null ? last : Math.min(last, options.depth());
        if (from <= to) {
            SolveOptions step = SolveOptions.builder()
                    .depthFrom(from == 1 ? null : from)
                    .depth(to == Integer.MAX_VALUE ? null : to)
                    .build()
                    .orElse(options);
            String range = ", stars " + from + " to " + (to == Integer.MAX_VALUE ? "the last" : to);
            passes.add(new Pass(name + range, stars, step));
        }
    }

    /** A job file brings its own options; those of the submission win. */
    private Image starList(StoredFile file, String fileName, SolveOptions options) throws IOException {
        SolveOptions effective =
                JobFile.optionsOf(file.path(), fileName).map(options::orElse).orElse(options);
        try (file) {
            return asGiven(
                    lists(effective).read(file.path(), fileName, width(effective), height(effective)), effective);
        }
    }

    private StarListReader lists(SolveOptions options) {
        return starLists.keeping(options.maxStars() == null ? KEPT_STARS : options.maxStars());
    }

    private static double width(SolveOptions options) {
        return options.width() == null ? 0 : options.width();
    }

    private static double height(SolveOptions options) {
        return options.height() == null ? 0 : options.height();
    }

    private static Image asGiven(StarList stars, SolveOptions options) {
        return new Image(options, List.of(new Pass("as given", () -> stars, options)), () -> {});
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
