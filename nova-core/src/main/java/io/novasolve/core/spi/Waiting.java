package io.novasolve.core.spi;

import java.time.Duration;

/**
 * Who waits, and for how long.
 *
 * @param oldest how long the oldest job that has not begun has waited; zero if none waits
 * @param submitters how many submitters have jobs that wait
 * @param submissions how many submissions wait to be fetched and unpacked
 * @param unpacking how many are fetched and unpacked now
 * @param oldestSubmission how long ago the oldest of both was submitted; zero if there is none
 */
public record Waiting(Duration oldest, int submitters, int submissions, int unpacking, Duration oldestSubmission) {}
