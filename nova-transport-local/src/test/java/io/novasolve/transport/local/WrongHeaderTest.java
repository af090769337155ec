package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.StarField;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pictures with right and wrong headers, through the pipeline and the embedded engine. */
class WrongHeaderTest {

    private static final double ARCSEC_PER_RAD = Math.toDegrees(1) * 3600;

    private final StarField field = StarField.known(21);

    @Test
    void aWrongHeaderCostsNoSolution() throws Exception {
        double ra = field.truth().crval().raDeg();
        double dec = field.truth().crval().decDeg();
        double focal = 0.004 * ARCSEC_PER_RAD / field.truth().pixelScaleArcsec();
        String pixel = "XPIXSZ  = 4.0";
        Map<String, List<String>> headers = Map.of(
                "none", List.of(),
                "right", List.of(card("RA", ra), card("DEC", dec), card("FOCALLEN", focal), pixel),
                "hours for degrees", List.of(card("RA", ra / 15), card("DEC", dec), card("FOCALLEN", focal), pixel),
                "another lens", List.of(card("RA", ra), card("DEC", dec), card("FOCALLEN", 5 * focal), pixel),
                "an old WCS",
                        List.of(
                                "CTYPE1  = 'RA---TAN'",
                                "CTYPE2  = 'DEC--TAN'",
                                card("CRVAL1", 200),
                                card("CRVAL2", -dec),
                                card("CRPIX1", 1),
                                card("CRPIX2", 1),
                                card("CD1_1", -0.001),
                                card("CD2_2", 0.001)));
        try (Nova nova = Nova.builder(EmbeddedTransport.with(EmbeddedTransport.bundledIndexes(), 1))
                .jobWorkers(1)
                .start()) {
            for (Map.Entry<String, List<String>> header : headers.entrySet()) {
                Job job = nova.submit(SubmissionRequest.of(fits(header.getValue()), header.getKey() + ".fits"))
                        .result()
                        .get(120, TimeUnit.SECONDS)
                        .jobs()
                        .get(0);
                assertThat(job.state()).as(header.getKey()).isEqualTo(JobState.SOLVED);
                Wcs wcs = ((ImageOutcome.Solved) job.outcome()).calibration().wcs();
                assertThat(wcs.centre().separationDeg(field.truth().centre()))
                        .as(header.getKey())
                        .isLessThan(2 * field.truth().pixelScaleArcsec() / 3600);
            }
        }
    }

    private static String card(String key, double value) {
        return String.format(Locale.ROOT, "%-8s= %20.10f", key, value);
    }

    /** The field's stars as round spots, the first ones brightest; row 1 is y = 1. */
    private byte[] fits(List<String> cards) {
        int width = (int) field.stars().width();
        int height = (int) field.stars().height();
        double[] light = new double[width * height];
        for (int s = 0; s < field.stars().size(); s++) {
            double peak = 220.0 / (1 + 0.05 * s);
            int cx = (int) Math.round(field.stars().x(s)) - 1;
            int cy = (int) Math.round(field.stars().y(s)) - 1;
            for (int y = Math.max(0, cy - 5); y <= Math.min(height - 1, cy + 5); y++) {
                for (int x = Math.max(0, cx - 5); x <= Math.min(width - 1, cx + 5); x++) {
                    double d = Math.hypot(
                            x + 1 - field.stars().x(s), y + 1 - field.stars().y(s));
                    light[y * width + x] += peak * Math.exp(-d * d / 4);
                }
            }
        }
        StringBuilder header = new StringBuilder();
        for (String card :
                List.of("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = " + width, "NAXIS2  = " + height)) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        for (String card : cards) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        header.append("END");
        ByteBuffer file = ByteBuffer.allocate(2880 * (1 + (width * height + 2879) / 2880));
        file.put(String.format(Locale.ROOT, "%-2880s", header).getBytes(StandardCharsets.US_ASCII));
        for (double value : light) {
            file.put((byte) Math.min(255, Math.round(value) + 10));
        }
        return file.array();
    }
}
