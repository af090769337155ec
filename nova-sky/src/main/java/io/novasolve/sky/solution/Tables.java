package io.novasolve.sky.solution;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.FitsTable;

/** What the readers of result tables share. */
final class Tables {

    private Tables() {}

    static FitsTable first(byte[] content, String name) throws UnreadableInputException {
        for (FitsHdu hdu : FitsHdu.all(content, name)) {
            if (hdu.isTable()) {
                return FitsTable.of(hdu);
            }
        }
        throw new UnreadableInputException(name + " holds no table: it is half-written or something else");
    }

    /** RA is taken modulo 360. */
    static SkyPosition sky(double ra, double dec, String name, int row) throws UnreadableInputException {
        double turned = ra - 360 * Math.floor(ra / 360);
        if (!Double.isFinite(turned) || !(dec >= -90 && dec <= 90)) {
            throw badRow(name, row, "the sky position (" + ra + ", " + dec + ")");
        }
        return new SkyPosition(turned < 360 ? turned : 0, dec);
    }

    static UnreadableInputException badRow(String name, int row, String what) {
        return new UnreadableInputException(name + " has " + what + " in row " + (row + 1) + ", which is none");
    }
}
