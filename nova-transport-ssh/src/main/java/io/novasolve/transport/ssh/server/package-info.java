/** The receiving end of the ssh transport: what the forced command of a solve server runs. */
@NullMarked
package io.novasolve.transport.ssh.server;

import org.jspecify.annotations.NullMarked;
