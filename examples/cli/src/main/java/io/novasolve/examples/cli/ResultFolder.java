package io.novasolve.examples.cli;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.products.Product;
import io.novasolve.products.Products;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what came of a file into a folder: {@code NAME.wcs}, {@code .axy}, {@code .corr.fits}, … a drawing, and the products
 * that were asked for.
 */
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
    private final Set<Product> products;
    private final Map<String, Path> taken = new HashMap<>();
    private @Nullable SkyCatalogue catalogue;

    /** For the files of one run, so that those of the same name do not overwrite each other's results. */
    ResultFolder(Path folder, Set<Product> products) {
        this.folder = folder;
        this.products = products;
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
            boolean solved = job.outcome() instanceof ImageOutcome.Solved;
            for (Product product : ProductOptions.ALL) {
                if (!solved || !products.contains(product)) {
                    Files.deleteIfExists(folder.resolve(name + product.suffix()));
                }
            }
            if (solved) {
                make(nova, job, named.equals(file) ? file : null, name, files);
            }
        }
    }

    private static String flat(Path archive, Job job) {
        return archive.getFileName() + "_" + job.image().fileName().replaceAll("[^\\p{L}\\p{N}.-]", "_");
    }

    /** @param file that is the image, if nothing was unpacked */
    private void make(Nova nova, Job job, @Nullable Path file, String name, Map<String, byte[]> files)
            throws IOException {
        byte[] axy = files.get("job.axy");
        if (axy == null) {
            return;
        }
        StarList stars = JobFile.read(axy, name).stars();
        Solution solution = SolutionFiles.read(files)
                .orElseThrow(() -> new UnreadableInputException(name + " is solved, but its WCS is missing"));
        Products made = products(nova, job, file, name, solution, stars);
        write(made, Product.DRAWING, name);
        for (Product product : products) {
            if (made.hasPicture() || product != Product.NEW_FITS) {
                write(made, product, name);
            }
        }
    }

    private Products products(Nova nova, Job job, @Nullable Path file, String name, Solution solution, StarList stars)
            throws IOException {
        // A file that is still there as it was need not be held in memory.
        if (file != null
                && Files.isRegularFile(file)
                && Files.size(file) == job.image().content().size()
                && InputKind.of(file) == InputKind.PICTURE) {
            return Products.of(file, solution, stars, catalogue());
        }
        byte[] image = nova.image(job);
        return InputKind.of(image) == InputKind.PICTURE
                ? Products.of(image, name, solution, stars, catalogue())
                : Products.of(name, solution, stars, catalogue());
    }

    private void write(Products made, Product product, String name) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name + product.suffix()))) {
            made.write(product, out);
        }
    }

    private SkyCatalogue catalogue() {
        SkyCatalogue read = catalogue;
        if (read == null) {
            read = SkyCatalogue.bundled();
            catalogue = read;
        }
        return read;
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
