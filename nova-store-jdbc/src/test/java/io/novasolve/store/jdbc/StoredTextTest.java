package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.StoreException;
import io.novasolve.sky.Fuzz;
import io.novasolve.sky.Parity;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Damaged columns of a database. */
class StoredTextTest {

    private final Fuzz fuzz = Fuzz.of(StoredTextTest.class, 1000).refusedWith(StoreException.class);

    @Test
    void options() throws Exception {
        SolveOptions options = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1, 2))
                .position(PositionHint.of(10, -20, 3))
                .parity(Parity.NEG)
                .depth(20)
                .oddsToSolve(1e9)
                .timeout(Duration.ofMinutes(2))
                .deadline(Instant.parse("2026-11-24T00:00:00Z"))
                .reuse(true)
                .build();
        byte[] text =
                OptionsText.write(Map.of("a ü.fits", options, "b", options)).getBytes(StandardCharsets.UTF_8);
        Fuzz.Counts counts = fuzz.words("=", " ", "\n", "%", "depth=", "PT1S", "-")
                .run("options", text, bytes -> OptionsText.readByName(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(counts.refused()).isPositive();
    }

    @Test
    void distortions() throws Exception {
        SipPolynomial one = SipPolynomial.of(2, new double[][] {{0, 0, 1e-5}, {0, 2e-5}, {-1e-5}});
        byte[] text = SipText.write(new Sip(one, one, one, one)).getBytes(StandardCharsets.UTF_8);
        Fuzz.Counts counts = fuzz.words(" ", "\n", "E", "NaN", "-")
                .run("distortions", text, bytes -> SipText.read(new String(bytes, StandardCharsets.UTF_8)));
        assertThat(counts.refused()).isPositive();
    }
}
