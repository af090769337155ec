package io.novasolve.examples.cli;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Job;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.io.PrintWriter;
import java.util.Locale;

/** For people: a few lines a file. */
final class TextReport implements Report {

    private final PrintWriter out;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void add(Answer answer) {
        Calibration c = answer.calibration();
        if (c == null) {
            out.printf(
                    Locale.ROOT, "%s: %s (%s)%n", answer.file(), answer.state().word(), answer.reason());
            out.printf(Locale.ROOT, "  %s%n", answer.error());
        } else {
            Wcs wcs = c.wcs();
            SkyPosition centre = wcs.centre();
            out.printf(Locale.ROOT, "%s: solved%n", answer.file());
            out.printf(
                    Locale.ROOT,
                    "  centre       RA %.5f°  Dec %+.5f°   (%s)%n",
                    centre.raDeg(),
                    centre.decDeg(),
                    sexagesimal(centre));
            out.printf(
                    Locale.ROOT,
                    "  field        %.4g° × %.4g°, %.4f″ per pixel%n",
                    wcs.fieldWidthDeg(),
                    wcs.fieldHeightDeg(),
                    wcs.pixelScaleAtCentreArcsec());
            out.printf(
                    Locale.ROOT,
                    "  orientation  %.3f° east of north, parity %s%n",
                    wcs.orientationAtCentreDeg(),
                    wcs.parity().name().toLowerCase(Locale.ROOT));
            out.printf(
                    Locale.ROOT,
                    "  evidence     %d stars matched, log-odds %.1f, %s%n",
                    c.matchedStars(),
                    c.logOdds(),
                    c.index());
        }
        Job job = answer.job();
        if (job != null && job.timings().total().toNanos() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  time         decode %d ms, extract %d ms, solve %d ms%n",
                    job.timings().decode().toMillis(),
                    job.timings().extract().toMillis(),
                    job.timings().solve().toMillis());
        }
        out.flush();
    }

    private static String sexagesimal(SkyPosition p) {
        long tenths = Math.round(p.raDeg() / 15 * 36000) % 864000;
        long arcsec = Math.round(Math.abs(p.decDeg()) * 3600);
        return String.format(
                Locale.ROOT,
                "%02dh%02dm%02d.%ds %s%02d°%02d′%02d″",
                tenths / 36000,
                tenths / 600 % 60,
                tenths / 10 % 60,
                tenths % 10,
                p.decDeg() < 0 ? "−" : "+",
                arcsec / 3600,
                arcsec / 60 % 60,
                arcsec % 60);
    }
}
