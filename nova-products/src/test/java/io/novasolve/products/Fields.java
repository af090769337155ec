package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.List;

/** Made-up solutions, whose stars are those of the catalogue. */
final class Fields {

    private Fields() {}

    /** A camera's view: rows downwards, north up for no roll, a little distorted. */
    static Wcs wcs(double ra, double dec, double widthDeg, double rollDeg, int width, int height) {
        double scale = 2 * Math.toDegrees(Math.tan(Math.toRadians(widthDeg / 2))) / width;
        double roll = Math.toRadians(rollDeg);
        PixelPosition crpix = new PixelPosition(0.45 * width, 0.55 * height);
        double k = 2e-3 / width;
        SipPolynomial a = SipPolynomial.of(2, new double[][] {{0, 0, k}, {0, 2 * k}, {-k}});
        SipPolynomial b = SipPolynomial.of(2, new double[][] {{0, 0, 2 * k}, {0, -k}, {k}});
        return new Wcs(
                new SkyPosition(ra, dec),
                crpix,
                -scale * Math.cos(roll),
                scale * Math.sin(roll),
                -scale * Math.sin(roll),
                -scale * Math.cos(roll),
                Sip.forward(a, b, crpix, width, height),
                width,
                height);
    }

    static Solution solution(Wcs wcs, SkyCatalogue catalogue) {
        List<MatchedStar> matched = new ArrayList<>();
        List<ReferenceStar> reference = new ArrayList<>();
        for (FieldObject star : ObjectsInField.of(catalogue, wcs).stars()) {
            reference.add(
                    new ReferenceStar(star.object().position(), star.object().magnitude()));
            if (matched.size() < 30) {
                PixelPosition seen =
                        new PixelPosition(star.pixel().x() + 0.3, star.pixel().y() - 0.2);
                matched.add(new MatchedStar(
                        seen,
                        wcs.pixelToSky(seen),
                        star.pixel(),
                        star.object().position(),
                        matched.size(),
                        reference.size() - 1,
                        1));
            }
        }
        QuadMatch match =
                new QuadMatch("index", 1, 2, List.of(3, 4, 5, 6), List.of(0, 1, 2, 3), 0.1, 20, 5, 4, 3, 12, 9);
        return new Solution(wcs, match, matched, reference);
    }

    static StarList stars(Solution solution) {
        int n = solution.matchedStars().size();
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = solution.matchedStars().get(i).field().x();
            y[i] = solution.matchedStars().get(i).field().y();
        }
        return StarList.of(solution.wcs().width(), solution.wcs().height(), x, y);
    }
}
