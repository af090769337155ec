package io.novasolve.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Job;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; fields without a value are null. */
final class JsonReport implements Report {

    private final JsonFactory json = new JsonFactory();
    private final PrintWriter out;

    JsonReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void add(Answer answer) {
        StringWriter line = new StringWriter();
        try (JsonGenerator g = json.createGenerator(line)) {
            g.writeStartObject();
            g.writeStringField("file", answer.file());
            g.writeStringField("status", answer.state().word());
            text(g, "reason", answer.reason());
            calibration(g, answer.calibration());
            timings(g, answer.job());
            text(g, "error", answer.error());
            g.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        out.println(line);
        out.flush();
    }

    static void calibration(JsonGenerator g, @Nullable Calibration c) throws IOException {
        Wcs wcs = c == null ? null : c.wcs();
        SkyPosition centre = wcs == null ? null : wcs.centre();
        number(g, "ra_deg", centre == null ? null : centre.raDeg());
        number(g, "dec_deg", centre == null ? null : centre.decDeg());
        number(g, "pixscale_arcsec", wcs == null ? null : wcs.pixelScaleAtCentreArcsec());
        number(g, "orientation_deg", wcs == null ? null : wcs.orientationDeg());
        number(g, "orientation_centre_deg", wcs == null ? null : wcs.orientationAtCentreDeg());
        text(g, "parity", wcs == null ? null : wcs.parity().name().toLowerCase(Locale.ROOT));
        number(g, "radius_deg", wcs == null ? null : wcs.radiusDeg());
        number(g, "width_px", wcs == null ? null : wcs.width());
        number(g, "height_px", wcs == null ? null : wcs.height());
        number(g, "field_width_deg", wcs == null ? null : wcs.fieldWidthDeg());
        number(g, "field_height_deg", wcs == null ? null : wcs.fieldHeightDeg());
        number(g, "log_odds", c == null ? null : c.logOdds());
        number(g, "matched_stars", c == null ? null : (double) c.matchedStars());
        text(g, "index", c == null ? null : c.index());
    }

    private static void timings(JsonGenerator g, @Nullable Job job) throws IOException {
        number(g, "decode_ms", job == null ? null : ms(job.timings().decode()));
        number(g, "extract_ms", job == null ? null : ms(job.timings().extract()));
        number(g, "solve_ms", job == null ? null : ms(job.timings().solve()));
        number(g, "total_ms", job == null ? null : ms(job.timings().total()));
    }

    private static double ms(Duration d) {
        return d.toNanos() / 1000 / 1000.0;
    }

    static void text(JsonGenerator g, String name, @Nullable String value) throws IOException {
        if (value == null) {
            g.writeNullField(name);
        } else {
            g.writeStringField(name, value);
        }
    }

    static void number(JsonGenerator g, String name, @Nullable Double value) throws IOException {
        if (value == null || !Double.isFinite(value)) {
            g.writeNullField(name);
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            g.writeNumberField(name, value.longValue());
        } else {
            g.writeNumberField(name, value);
        }
    }
}
