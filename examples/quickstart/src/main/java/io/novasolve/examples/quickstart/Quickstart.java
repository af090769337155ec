package io.novasolve.examples.quickstart;

import io.novasolve.core.Nova;
import io.novasolve.core.model.Calibration;
import io.novasolve.transport.local.EmbeddedTransport;
import java.nio.file.Path;

/** Where does this picture point? */
public final class Quickstart {

    private Quickstart() {}

    public static void main(String[] args) throws Exception {
        try (Nova nova = Nova.with(EmbeddedTransport.bundled())) {
            Calibration sky = nova.submit(Path.of(args[0])).calibration().join();
            System.out.println(sky.centre() + ", " + sky.pixelScaleArcsec() + " arcsec per pixel");
        }
    }
}
