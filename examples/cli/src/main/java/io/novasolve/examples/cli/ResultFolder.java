package io.novasolve.examples.cli;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.products.FieldDrawing;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Writes what came of a file into a folder: {@code NAME.wcs}, {@code .axy}, {@code .corr.fits}, … and a drawing. */
final class ResultFolder {

    private static final String[][] FILES = {
        {"job.axy", ".axy"},
        {"wcs.fits", ".wcs"},
        {"corr.fits", ".corr.fits"},
        {"rdls.fits", ".rdls.fits"},
        {"match.fits", ".match.fits"},
        {"log", ".log"},
    };

    private final Path folder;
    private final Map<String, Path> taken = new HashMap<>();

    /** For the files of one run, so that those of the same name do not overwrite each other's results. */
    ResultFolder(Path folder) {
        this.folder = folder;
    }

    void write(Nova nova, Path file, SubmissionResult result) throws IOException {
        Files.createDirectories(folder);
        for (Job job : result.jobs()) {
            String image = Answer.nameOf(file, job, result);
            // What is read from an archive has a name that a stranger chose: only a flat one is used.
            Path named = image.equals(file.toString()) ? file : file.resolveSibling(flat(file, job));
            String name = nameOf(named);
            Map<String, byte[]> files = new HashMap<>();
            for (String[] f : FILES) {
                Optional<byte[]> bytes = nova.file(job, f[0]);
                if (bytes.isPresent()) {
                    files.put(f[0], bytes.get());
                    Files.write(folder.resolve(name + f[1]), bytes.get());
                } else {
                    // An older run's result would be taken for this one's.
                    Files.deleteIfExists(folder.resolve(name + f[1]));
                }
            }
            if (job.outcome() instanceof ImageOutcome.Solved) {
                draw(nova.image(job), name, files);
            }
        }
    }

    private static String flat(Path archive, Job job) {
        return archive.getFileName() + "_" + job.image().fileName().replaceAll("[^\\p{L}\\p{N}.-]", "_");
    }

    private void draw(byte[] picture, String name, Map<String, byte[]> files) throws IOException {
        byte[] axy = files.get("job.axy");
        if (axy == null) {
            return;
        }
        StarList stars = JobFile.read(axy, name).stars();
        Solution solution = SolutionFiles.read(files)
                .orElseThrow(() -> new UnreadableInputException(name + " is solved, but its WCS is missing"));
        ImageIO.write(
                FieldDrawing.draw(background(picture, name, stars), stars, solution),
                "png",
                folder.resolve(name + ".png").toFile());
    }

    /** The picture itself, or for a star list a dark sky of its size. */
    private static BufferedImage background(byte[] picture, String name, StarList stars) {
        try {
            return new PictureReader().readImage(picture, name);
        } catch (UnreadableInputException e) {
            return new BufferedImage(
                    (int) Math.ceil(stars.width()), (int) Math.ceil(stars.height()), BufferedImage.TYPE_INT_RGB);
        }
    }

    /**
     * The file's name without its last extension; if another file of this run has that already, the name with it, and then
     * with a number.
     */
    private String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String candidate = stem;
        for (int i = 1; !isFree(candidate, file); i++) {
            candidate = i == 1 ? name : name + "-" + i;
        }
        return candidate;
    }

    private boolean isFree(String name, Path file) {
        Path real = file.toAbsolutePath().normalize();
        // Some file systems take upper and lower case for the same.
        return taken.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> real).equals(real);
    }
}
