package io.novasolve.sky.extract;

/** Recognises peaks made by one pixel alone, which no lens and no telescope can draw. */
final class HotPixels {

    /**
     * How many times higher than its four neighbours a hot pixel is. The sharpest stars met, σ = 0.4 pixels and right in
     * the middle of a pixel, reach 7.5.
     */
    private static final float RATIO = 10;

    private final BinnedImage image;
    private final Mesh background;

    HotPixels(BinnedImage image, Mesh background) {
        this.image = image;
        this.background = background;
    }

    boolean made(Peak peak) {
        int x = peak.x();
        int y = peak.y();
        for (int i = 0; i < 9; i++) {
            int column = peak.x() + i % 3 - 1;
            int row = peak.y() + i / 3 - 1;
            if (image.row(row)[column] > image.row(y)[x]) {
                x = column;
                y = row;
            }
        }
        float sky = background.interpolate(x, y);
        float neighbours = Math.max(
                Math.max(above(x - 1, y, sky), above(x + 1, y, sky)),
                Math.max(above(x, y - 1, sky), above(x, y + 1, sky)));
        return above(x, y, sky) > RATIO * neighbours;
    }

    private float above(int x, int y, float sky) {
        if (x < 0 || y < 0 || x >= image.width() || y >= image.height()) {
            return 0;
        }
        return image.row(y)[x] - sky;
    }
}
