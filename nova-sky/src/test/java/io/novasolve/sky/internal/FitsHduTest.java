package io.novasolve.sky.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.WcsFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that lie about the amount of data behind them. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class FitsHduTest {

    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MAX_VALUE,
                Long.MAX_VALUE - 2880,
                Long.MAX_VALUE - 5760,
                Long.MAX_VALUE - Integer.MAX_VALUE,
                1L << 32,
                (1L << 32) - 2880,
                Integer.MAX_VALUE
            })
    void dataBeyondTheEndOfTheFileEndTheFile(long length) throws Exception {
        byte[] lie = header("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = " + length);
        List<FitsHdu> hdus = FitsHdu.all(lie, "lie");
        assertThat(hdus).hasSize(1);
        assertThat(hdus.get(0).dataLength()).isEqualTo(length);
        assertThat(hdus.get(0).isComplete()).isFalse();
        InputKind.of(lie);
        assertRefusedByAll(lie);
    }

    @Test
    void anImageOfNoGroupsIsRefused() {
        for (String count : List.of("GCOUNT  = 0", "GCOUNT  = -1", "PCOUNT  = -100000000")) {
            assertRefusedByAll(header(
                    "SIMPLE  = T",
                    "BITPIX  = 8",
                    "NAXIS   = 2",
                    "NAXIS1  = 10000",
                    "NAXIS2  = 10000",
                    "PCOUNT  = 0",
                    count));
        }
    }

    private static void assertRefusedByAll(byte[] lie) {
        assertThatThrownBy(() -> new PictureReader().read(lie, "lie")).isInstanceOf(UnreadableInputException.class);
        assertThatThrownBy(() -> new StarListReader().read(lie, "lie", 0, 0))
                .isInstanceOf(UnreadableInputException.class);
        assertThatThrownBy(() -> WcsFile.read(lie, "lie")).isInstanceOf(UnreadableInputException.class);
    }

    private static byte[] header(String... cards) {
        StringBuilder text = new StringBuilder();
        for (String card : cards) {
            String[] parts = card.split("= ", 2);
            text.append(String.format(Locale.ROOT, "%s= %20s%50s", parts[0], parts[1], ""));
        }
        text.append("END");
        byte[] block = new byte[2880];
        Arrays.fill(block, (byte) ' ');
        byte[] written = text.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(written, 0, block, 0, written.length);
        return block;
    }
}
