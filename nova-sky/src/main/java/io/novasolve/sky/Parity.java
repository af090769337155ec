package io.novasolve.sky;

/** Whether a picture shows the sky as seen, or mirrored, with row 1 taken as y = 1. */
public enum Parity {
    /** det CD &lt; 0: the sky as seen in a FITS frame drawn with y upwards. */
    POS,
    /** det CD &gt; 0: mirrored; an ordinary JPEG, PNG or TIFF, whose first row is the top one, is of this kind. */
    NEG;

    /** The parity of a linear transformation from pixels to the sky (east, north), by the sign of its determinant. */
    public static Parity ofDeterminant(double det) {
        return det < 0 ? POS : NEG;
    }
}
