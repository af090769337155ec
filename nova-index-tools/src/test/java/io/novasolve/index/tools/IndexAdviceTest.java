package io.novasolve.index.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndexAdviceTest {

    private final IndexCatalog catalog = IndexCatalog.published();
    private final Set<Integer> bundled = IntStream.rangeClosed(11, 19).boxed().collect(Collectors.toSet());

    @Test
    void theFieldOfALens() {
        FieldOfView field = FieldOfView.ofOptics(50, 36, 24);
        assertThat(field.widthDeg()).isCloseTo(39.598, within(0.001));
        assertThat(field.heightDeg()).isCloseTo(26.991, within(0.001));
        assertThatThrownBy(() -> FieldOfView.ofOptics(0, 36, 24)).hasMessageContaining("above 0");
    }

    @Test
    void aWideFieldNeedsNothingMore() {
        IndexAdvice advice = IndexAdvice.of(FieldOfView.ofOptics(50, 36, 24), bundled, catalog);
        assertThat(advice.best()).contains(15, 16, 17).doesNotContain(10, 19);
        assertThat(advice.missing()).isEmpty();
        assertThat(advice.sentence()).contains("39.6° by 27.0°", "which are installed");
    }

    @Test
    void aTelescopeIsToldWhatToInstall() {
        IndexAdvice advice = IndexAdvice.of(FieldOfView.ofOptics(1000, 23.5, 15.7), bundled, catalog);
        // 54′ on the short side: 10.8′ to 37.8′.
        assertThat(advice.best()).containsExactlyInAnyOrder(4, 5, 6, 7, 8);
        assertThat(advice.useful()).containsAll(advice.best()).contains(3, 9).doesNotContain(10);
        assertThat(advice.installs())
                .containsExactly(
                        new IndexAdvice.Install("4100", Set.of(7, 8)),
                        new IndexAdvice.Install("5200_LITE", Set.of(4, 5, 6)));
        assertThat(advice.sentence())
                .contains("nova index install 4100 --scales 07-08", "nova index install 5200_LITE --scales 04-06");
    }

    @Test
    void aFieldThatIsTooNarrowForAllIsToldSo() {
        IndexAdvice advice = IndexAdvice.of(new FieldOfView(0.02, 0.02), Set.of(), catalog);
        assertThat(advice.best()).isEmpty();
        assertThat(advice.sentence()).contains("too narrow", "nova index build");
    }

    @Test
    void theTableOfSeriesIsWhole() {
        assertThat(catalog.series())
                .extracting(IndexSeries::name)
                .containsExactly("4100", "4200", "5200", "5200_LITE", "tycho2");
        IndexSeries lite = catalog.find("5200_lite").orElseThrow();
        assertThat(lite.scales()).extracting(IndexSeries.Scale::number).containsExactly(0, 1, 2, 3, 4, 5, 6);
        List<String> files = lite.scale(6).orElseThrow().files();
        assertThat(files).hasSize(48).startsWith("index-5206-00.fits").endsWith("index-5206-47.fits");
        IndexSeries wide = catalog.find("4100").orElseThrow();
        assertThat(wide.scale(7).orElseThrow().files()).containsExactly("index-4107.fits");
        assertThat(wide.scale(6)).isEmpty();
        for (IndexSeries series : catalog.series()) {
            for (IndexSeries.Scale scale : series.scales()) {
                assertThat(scale.maxArcmin()).isBetween(1.3 * scale.minArcmin(), 1.5 * scale.minArcmin());
            }
        }
    }
}
