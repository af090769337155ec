/**
 * Solve on other machines: one job is one ssh session, whose standard input carries a line with the job's id and a tar of
 * its file, and whose standard output brings a tar of the results.
 */
@NullMarked
package io.novasolve.transport.ssh;

import org.jspecify.annotations.NullMarked;
