package io.novasolve.examples.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.examples.server.Seed;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {

    @Test
    void separatesAndOrdersAsTheOriginal() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("status", "success");
        map.put("jobs", Arrays.asList(1, null, 3L));
        map.put("empty", List.of());
        map.put("nested", Map.of("a", true));
        assertThat(JsonText.of(map))
                .isEqualTo(
                        "{\"status\": \"success\", \"jobs\": [1, null, 3], \"empty\": [], \"nested\": {\"a\": true}}");
    }

    @Test
    void isAsciiOnly() {
        assertThat(JsonText.of("ξ1CMa \"\\\n\u0001\u007f\ud83d\ude80"))
                .isEqualTo("\"\\u03be1CMa \\\"\\\\\\n\\u0001\\u007f\\ud83d\\ude80\"");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "-1, -1.0",
        "0, 0.0",
        "1e-7, 1e-07",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1e15, 1000000000000000.0",
        "1e16, 1e+16",
        "1.5e300, 1.5e+300",
        "0.1, 0.1",
        "179.912238946748, 179.912238946748",
        "5e-324, 5e-324",
        "2e-3, 0.002",
        "123456.789, 123456.789",
        "2.0e22, 2e+22"
    })
    void floatsAlwaysHaveAPointOrAnExponent(double value, String text) {
        assertThat(JsonText.of(value)).isEqualTo(text);
    }

    @Test
    void everyFloatReadsBackAsItself() throws IOException {
        Random random = Seed.random();
        for (int i = 0; i < 20_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(JsonTree.read(JsonText.of(value))).isEqualTo(value);
            }
        }
    }

    @Test
    void refusesWhatJsonDoesNotKnow() {
        assertThatThrownBy(() -> JsonText.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonText.of(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsTheLastOfTwoKeysAndRefusesWhatIsNoJson() throws IOException {
        assertThat(JsonTree.read("{\"a\": 1, \"a\": 2.5}")).isEqualTo(Map.of("a", 2.5));
        for (String bad : List.of("", "{", "{\"a\":}", "[1] [2]", "nul", "{'a': 1}", "[".repeat(100_000))) {
            assertThatThrownBy(() -> JsonTree.read(bad)).isInstanceOf(IOException.class);
        }
    }
}
