package io.novasolve.transport.ssh;

import java.io.IOException;
import java.nio.file.Path;

/** Forced commands that behave as the original's receiving script does. */
final class ReceivingScript {

    private ReceivingScript() {}

    /** Unpacks in a folder named by the id, runs a command line there, sends all but the job file, leaves all behind. */
    static Path write(Path file, Path jobs, String engine) throws IOException {
        return OpenSshServer.executable(
                file,
                """
                #!/bin/sh
                set -e
                read -r id
                mkdir -p "%1$s/$id"
                cd "%1$s/$id"
                rm -f wcs.fits job.axy
                export TMP="%1$s"
                echo "working in $PWD" >&2
                tar xf - >&2
                %2$s > backend.log
                tar cf - --exclude job.axy *
                """
                        .formatted(jobs, engine));
    }

    static String nativeEngine() {
        return "astrometry-engine -v -E job.axy";
    }
}
