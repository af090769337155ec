package io.novasolve.sky.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static Star star(int x, int y, float height) {
        return new Star(new Peak(x, y, height), height);
    }

    private static List<Star> ranked(List<Star> stars) {
        return stars.stream().sorted(Star.BEST_FIRST).toList();
    }

    @Test
    void brightPeaksOfOneCornerDoNotKeepOutTheRest() {
        List<Star> stars = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            stars.add(star(i % 10 * 4, i / 10 * 4, 2000 + i));
        }
        for (int i = 1; i < 16; i++) {
            stars.add(star(50 + i % 4 * 100, 50 + i / 4 * 100, 100 + i));
        }
        List<Peak> order = new Spread(400, 400, 4).order(ranked(stars), 100);

        assertThat(order).hasSize(95);
        assertThat(order.get(0)).isEqualTo(new Peak(36, 28, 2079));
        assertThat(order.subList(0, 26).stream().filter(peak -> peak.height() < 200))
                .hasSize(15);
    }

    @Test
    void withoutCompanyTheBrightestComesFirst() {
        List<Star> stars = List.of(star(10, 10, 5), star(210, 10, 9), star(110, 110, 7), star(310, 390, 8));
        assertThat(new Spread(400, 400, 4).order(ranked(stars), 3))
                .containsExactly(new Peak(210, 10, 9), new Peak(310, 390, 8), new Peak(110, 110, 7));
    }

    @Test
    void equalStarsKeepOneOrder() {
        List<Star> stars = List.of(star(10, 10, 5), star(12, 90, 5), star(90, 12, 5), star(90, 90, 5));
        assertThat(new Spread(100, 100, 2).order(stars, 10).get(0)).isEqualTo(new Peak(10, 10, 5));
    }

    @Test
    void everyPixelLiesInASquare() {
        for (int width = 1; width < 130; width += 7) {
            for (int height = 1; height < 130; height += 11) {
                List<Star> corners = List.of(star(0, 0, 4), star(width - 1, height - 1, 3));
                assertThat(new Spread(width, height, 0).order(corners, 5)).hasSize(2);
            }
        }
    }
}
