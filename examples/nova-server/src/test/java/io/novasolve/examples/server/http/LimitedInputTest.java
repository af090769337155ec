package io.novasolve.examples.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitedInputTest {

    private static final Duration TIME = Duration.ofSeconds(600);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
    private final Semaphore slowOnes = new Semaphore(1);

    private LimitedInput input(InputStream in) {
        return new LimitedInput(in, 100, TIME, slowOnes, now::get);
    }

    private LimitedInput input() {
        return input(new ByteArrayInputStream(new byte[] {(byte) 200, 2, 3, 4, 5}));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static int status(Throwable refusal) {
        return ((BadRequestException) refusal).status();
    }

    @Test
    void givesBytesAndTheirEnd() throws IOException {
        LimitedInput input = input();
        assertThat(input.read()).isEqualTo(200);
        assertThat(input.readAllBytes()).containsExactly(2, 3, 4, 5);
        assertThat(input.read()).isEqualTo(-1);
    }

    @Test
    void oneByteTooManyIsRefused() {
        assertThatThrownBy(() -> input(new ByteArrayInputStream(new byte[101])).readAllBytes())
                .satisfies(e -> assertThat(status(e)).isEqualTo(413));
    }

    @Test
    void whatDripsIsRefusedInTheEnd() throws IOException {
        LimitedInput input = input();
        pass(TIME);
        assertThat(input.read()).isEqualTo(200);
        pass(Duration.ofNanos(1));
        assertThatThrownBy(input::read).satisfies(e -> assertThat(status(e)).isEqualTo(408));
    }

    @Test
    void aPauseThatTheWebServerEndsIsLateToo() {
        LimitedInput input = input(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException(new TimeoutException("idle"));
            }
        });
        assertThatThrownBy(input::read).satisfies(e -> assertThat(status(e)).isEqualTo(408));
    }

    @Test
    void whoLeavesIsNoFailureOfTheServer() {
        LimitedInput input = input(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        });
        assertThatThrownBy(input::read).hasMessageContaining("reset").satisfies(e -> assertThat(status(e))
                .isEqualTo(400));
    }

    @Test
    void onlySoManyMayBeSlow() throws IOException {
        LimitedInput first = input();
        LimitedInput second = input();
        pass(LimitedInput.SLOW);
        assertThat(second.read()).isEqualTo(200);
        pass(Duration.ofNanos(1));
        assertThat(first.read()).isEqualTo(200);
        assertThatThrownBy(second::read).satisfies(e -> assertThat(status(e)).isEqualTo(503));
        second.close();
        assertThat(slowOnes.availablePermits()).isZero();
        first.close();
        first.close();
        assertThat(slowOnes.availablePermits()).isEqualTo(1);
    }
}
