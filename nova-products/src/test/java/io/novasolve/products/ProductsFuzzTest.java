package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.Fuzz;
import io.novasolve.sky.picture.PictureFormat;
import io.novasolve.sky.picture.PictureSamples;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Products of damaged pictures, and of damaged solutions. */
@Tag("once")
class ProductsFuzzTest {

    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();

    private final Fuzz fuzz = Fuzz.of(ProductsFuzzTest.class, 250);
    private final Wcs wcs = Fields.wcs(83.8, -5.4, 10, 30, 24, 17);
    private final Solution solution = Fields.solution(wcs, CATALOGUE);
    private final StarList stars = Fields.stars(solution);

    @Test
    void pictures() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (PictureFormat format : PictureFormat.values()) {
            seeds.addAll(PictureSamples.of(format));
        }
        fuzz.run("pictures", seeds, content -> {
            Products products = Products.of(content, "fuzzed", solution, stars, CATALOGUE);
            products.thumbnail();
            products.newFits(OutputStream.nullOutputStream());
        });
    }

    @Test
    void solutions() throws Exception {
        Map<String, byte[]> files = SolutionFiles.write(solution, null);
        fuzz.words("END", "CD1_1   = 0", "IMAGEW  = 1", "CRPIX1  = 1e300", "A_ORDER = 9")
                .run("solutions", files.get(SolutionFiles.WCS), content -> {
                    Map<String, byte[]> changed = new HashMap<>(files);
                    changed.put(SolutionFiles.WCS, content);
                    Products products =
                            Products.of("fuzzed", SolutionFiles.read(changed).orElseThrow(), stars, CATALOGUE);
                    assertThat(products.tags()).isNotNull();
                    assertThat(products.moc().uniq()).isNotNull();
                    assertThat(products.footprint()).isNotNull();
                    assertThat(products.kml("fuzzed.png")).isNotEmpty();
                    assertThat(products.wcsFits()).isNotEmpty();
                });
    }
}
