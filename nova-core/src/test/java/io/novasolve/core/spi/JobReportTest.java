package io.novasolve.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import org.junit.jupiter.api.Test;

class JobReportTest {

    @Test
    void aResultReadsAsALineOfALog() {
        Wcs wcs = new Wcs(
                new SkyPosition(83.7, -1.5), new PixelPosition(320.5, 240.5), -1e-2, 0, 0, 1e-2, null, 640, 480);
        assertThat(new JobReport.Solved(wcs, 227.79, 36, 0.4, "index-tycho2-16"))
                .hasToString("solved: RA 83.70000°, Dec -1.50000°, 6.393° × 4.797°, 36 stars matched, log-odds 227.8,"
                        + " index-tycho2-16");
        assertThat(new JobReport.Unsolved(UnsolvedReason.NO_MATCH, "13 indexes were searched"))
                .hasToString("unsolved (no_match): 13 indexes were searched");
        assertThat(new JobReport.Failed(FailureReason.UNREADABLE, "it is no picture"))
                .hasToString("failed (unreadable): it is no picture");
        assertThat(new JobReport.Cancelled()).hasToString("cancelled");
    }
}
