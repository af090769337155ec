package io.novasolve.examples.cli;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.model.Job;
import io.novasolve.products.Product;
import io.novasolve.products.Products;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.products.SkyObject;
import io.novasolve.sky.solution.SolvedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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
    private final List<SkyObject> objects;
    private final Map<String, String> taken = new HashMap<>();
    private @Nullable SkyCatalogue catalogue;

    /**
     * For the files of one run, so that those of the same name do not overwrite each other's results.
     *
     * @param objects besides those of the bundled catalogue
     */
    ResultFolder(Path folder, Set<Product> products, List<SkyObject> objects) {
        this.folder = folder;
        this.products = products;
        this.objects = objects;
    }

    void write(Nova nova, String input, SubmissionResult result) throws IOException {
        Files.createDirectories(folder);
        // What is behind a link, or read from an archive, has a name that a stranger chose: only a flat one is used.
        Path file = Inputs.isLink(input) ? Path.of(flat(result.submission().fileName())) : Path.of(input);
        String where =
                Inputs.isLink(input) ? input : file.toAbsolutePath().normalize().toString();
        for (Job job : result.jobs()) {
            boolean itself = Answer.nameOf(input, job, result).equals(input);
            String member = job.image().fileName();
            String name = itself
                    ? nameOf(String.valueOf(file.getFileName()), where)
                    : nameOf(file.getFileName() + "_" + flat(member), where + "/" + member);
            for (String[] f : FILES) {
                Optional<byte[]> bytes = nova.file(job, f[0]);
                if (bytes.isPresent()) {
                    Files.write(folder.resolve(name + f[1]), bytes.get());
                } else {
                    // An older run's result would be taken for this one's.
                    Files.deleteIfExists(folder.resolve(name + f[1]));
                }
            }
            Optional<SolvedImage> solved = nova.solved(job);
            for (Product product : ProductOptions.ALL) {
                if (solved.isEmpty() || !products.contains(product)) {
                    Files.deleteIfExists(folder.resolve(name + product.suffix()));
                }
            }
            if (solved.isPresent()) {
                make(products(solved.get(), job, itself && !Inputs.isLink(input) ? file : null), name);
            }
        }
    }

    private static String flat(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}.-]", "_");
    }

    private void make(Products made, String name) throws IOException {
        made.write(Product.DRAWING, folder, name);
        for (Product product : products) {
            if (product != Product.NEW_FITS || made.hasPicture()) {
                made.write(product, folder, name);
            }
        }
    }

    /** @param file that is the image, if nothing was unpacked */
    private Products products(SolvedImage solved, Job job, @Nullable Path file) throws IOException {
        // A file that is still there as it was need not be held in memory.
        return file != null
                        && Files.isRegularFile(file)
                        && Files.size(file) == job.image().content().size()
                ? Products.of(file, solved.solution(), solved.stars(), catalogue())
                : Products.of(solved, catalogue());
    }

    private SkyCatalogue catalogue() {
        SkyCatalogue read = catalogue;
        if (read == null) {
            read = objects.isEmpty()
                    ? SkyCatalogue.bundled()
                    : SkyCatalogue.bundled().with(objects);
            catalogue = read;
        }
        return read;
    }

    /**
     * The file's name without its last extension; if something else of this run has that already, the name with it, and then
     * with a number.
     *
     * @param what has the name
     */
    private String nameOf(String name, String what) {
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String candidate = stem;
        for (int i = 1; !isFree(candidate, what); i++) {
            candidate = i == 1 ? name : name + "-" + i;
        }
        return candidate;
    }

    private boolean isFree(String name, String what) {
        // Some file systems take upper and lower case for the same.
        return taken.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> what).equals(what);
    }
}
