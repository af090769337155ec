package io.novasolve.core.spi;

import java.time.Duration;

/**
 * Who waits, and for how long.
 *
 * @param oldest how long the oldest job that has not begun has waited; zero if none waits
 * @param submitters how many submitters have jobs that wait
 */
public record Waiting(Duration oldest, int submitters) {}
