package io.novasolve.sky.picture;

/** A picture whose colour channels can be read one by one, for drawing. */
interface ChannelPicture extends Picture {

    /** 1 (grey) or 3 (red, green, blue). */
    int channels();

    /** Whether samples are 0…255 and made for a screen, so that they are drawn as they are. */
    boolean isEightBit();

    /** BITPIX of the FITS array that holds the samples without loss: 8, 16 (unsigned, with an offset) or −32. */
    int bitpix();

    /** Reads one row of one channel, in the file's units. */
    void readRow(int y, int channel, float[] samples);
}
