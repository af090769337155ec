package io.novasolve.examples.cli;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.hints.HeaderHints;
import io.novasolve.sky.hints.HeaderHintsReader;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a file holds.
 *
 * @param partsWithStars how many of {@value #PARTS} equal parts of the picture hold one of its brightest {@value #BRIGHTEST}
 *     stars
 * @param header what the header says of place and scale, in words; empty if nothing
 */
record InputFindings(boolean isPicture, int width, int height, int stars, int partsWithStars, String header) {

    static final int SIDE = 4;
    static final int PARTS = SIDE * SIDE;
    static final int BRIGHTEST = 50;

    static InputFindings of(Path file, SolveOptions options) throws UnreadableInputException, InterruptedException {
        if (InputKind.of(file) == InputKind.STAR_LIST) {
            double width = options.width() == null ? 0 : options.width();
            double height = options.height() == null ? 0 : options.height();
            return of(false, new StarListReader().read(file, width, height), "");
        }
        ExtractionSettings settings = ExtractionSettings.standard();
        if (options.invert() != null) {
            settings = settings.withInvert(options.invert());
        }
        try (Picture picture = new PictureReader().read(file)) {
            StarList stars = new SourceExtractor(Runnable::run, 1).extract(picture, settings);
            return of(true, stars, inWords(HeaderHintsReader.read(file, picture.width())));
        }
    }

    private static InputFindings of(boolean picture, StarList stars, String header) {
        boolean[] hit = new boolean[PARTS];
        int parts = 0;
        for (int i = 0; i < Math.min(BRIGHTEST, stars.size()); i++) {
            int column = part(stars.x(i), stars.width());
            int row = part(stars.y(i), stars.height());
            parts += hit[row * SIDE + column] ? 0 : 1;
            hit[row * SIDE + column] = true;
        }
        return new InputFindings(picture, (int) stars.width(), (int) stars.height(), stars.size(), parts, header);
    }

    private static int part(double position, double size) {
        return (int) Math.max(0, Math.min(SIDE - 1, SIDE * (position - 0.5) / size));
    }

    private static String inWords(HeaderHints hints) {
        if (hints.isEmpty()) {
            return "";
        }
        StringBuilder words = new StringBuilder();
        if (hints.centre() != null) {
            words.append(String.format(
                    Locale.ROOT,
                    "RA %.4f°, Dec %+.4f°",
                    hints.centre().raDeg(),
                    hints.centre().decDeg()));
        }
        if (hints.hasScale()) {
            words.append(String.format(
                    Locale.ROOT,
                    "%s%.3g to %.3g″ per pixel",
                    words.isEmpty() ? "" : ", ",
                    hints.lowArcsecPerPixel(),
                    hints.highArcsecPerPixel()));
        }
        return words + " (" + hints.origin().strip() + ")";
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                (isPicture ? "a picture of " : "a star list of a picture of ") + width + " × " + height + " pixels");
        sentences.add(stars + " stars; the brightest " + Math.min(BRIGHTEST, stars) + " stand in " + partsWithStars
                + " of " + PARTS + " parts of the picture");
        if (!header.isEmpty()) {
            sentences.add("its header says " + header + "; Nova searches there first, and then everywhere");
        }
        return sentences;
    }
}
