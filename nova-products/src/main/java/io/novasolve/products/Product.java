package io.novasolve.products;

import java.util.Locale;

/** The files that {@link Products} can write, and what each is called after the name of the picture. */
public enum Product {
    /** The WCS alone. */
    WCS(".wcs"),
    /** The star list that was searched with. */
    AXY(".axy"),
    /** Matched stars. */
    CORR(".corr.fits"),
    /** Index stars in the picture. */
    RDLS(".rdls.fits"),
    /** Stars found, matched stars and the grid drawn on. */
    DRAWING(".png"),
    /** The picture as FITS with the WCS in its header; not for star lists. */
    NEW_FITS(".new.fits"),
    /** Objects in the field with their places. */
    OBJECTS(".objects.json"),
    /** Tags, one a line, UTF-8. */
    TAGS(".tags.txt"),
    /** The region as a multi-order coverage map. */
    MOC(".moc.fits"),
    /** The picture as an overlay of the sky: document and image in one file. */
    KMZ(".kmz"),
    /** The document alone, which finds the image in {@link #OVERLAY} beside it. */
    KML(".kml"),
    /** The picture drawn anew along RA and Dec, transparent outside. */
    OVERLAY(".overlay.png"),
    /** Objects, stars, constellations and grid drawn on. */
    ANNOTATED(".annotated.jpg"),
    /** The grid of RA and Dec drawn on. */
    GRID(".grid.jpg"),
    /** Stars found and stars of the index marked. */
    SOURCES(".sources.png"),
    /** Stars found in red, stars of the index in green. */
    RED_GREEN(".redgreen.png"),
    /** At most 640 pixels. */
    DISPLAY(".display.jpg"),
    /** At most 256 pixels. */
    THUMBNAIL(".thumbnail.jpg");

    private final String suffix;

    Product(String suffix) {
        this.suffix = suffix;
    }

    /** What follows the name of the picture, such as {@code .new.fits}. */
    public String suffix() {
        return suffix;
    }

    /** The word for it on a command line, such as {@code new-fits}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
