package io.novasolve.sky.extract;

/**
 * The numbers of the detection, in pixels of the binned picture.
 *
 * @param binning how many times larger than the size of the picture asks for the blocks are, where nobody chose them
 * @param smoothing σ of the Gaussian the picture is smoothed with, pixels
 * @param cell side of the cells in which background and noise are measured, pixels
 * @param threshold height of the faintest peak, in σ of the smoothed noise
 * @param rank what the stars are ordered by
 * @param spread number of squares along the longer side over which the list is spread; 0 chooses it from the size
 */
record Detection(int binning, double smoothing, int cell, double threshold, Rank rank, int spread) {

    static final Detection STANDARD = new Detection(1, 1.8, 32, 5, Rank.HEIGHT, 0);
    static final Detection COARSE = new Detection(2, 1.8, 32, 5, Rank.HEIGHT, 0);
    static final Detection SECOND = new Detection(1, 1.2, 64, 5, Rank.CONTRAST, 5);

    enum Rank {
        /** Height of the peak in the smoothed picture. */
        HEIGHT,
        /** Height of the peak above the ring where its profile stops falling. */
        CONTRAST
    }
}
