package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * A portable graymap or pixmap in binary form (Netpbm's P5 and P6), read row by row: samples of one byte, or of two, the more
 * significant first, where the largest one may be above 255.
 */
final class PnmPicture implements ChannelPicture {

    private static final int LONGEST_HEADER = 1 << 14;

    private final Bytes file;
    private final int width;
    private final int height;
    private final int channels;
    private final int largest;
    private final int start;
    private final int rowLength;

    private PnmPicture(Bytes file, int width, int height, int channels, int largest, int start) {
        this.file = file;
        this.width = width;
        this.height = height;
        this.channels = channels;
        this.largest = largest;
        this.start = start;
        this.rowLength = Math.multiplyExact(width, channels * bytes(largest));
    }

    static PnmPicture of(Bytes file, Limits limits) throws UnreadableInputException {
        ByteBuffer header = file.range(0, (int) Math.min(LONGEST_HEADER, file.length()));
        int channels = header.get(1) == '6' ? 3 : 1;
        header.position(2);
        long width = number(header, "width", limits);
        long height = number(header, "height", limits);
        long largest = number(header, "largest sample", limits);
        if (largest < 1 || largest > 0xFFFF) {
            throw new UnreadableInputException(
                    limits.name() + " says its largest sample is " + largest + ": it must be 1…65535");
        }
        limits.check(width, height, 1, 0);
        long needed = width * height * channels * bytes(largest);
        if (needed > file.length() - header.position()) {
            throw new UnreadableInputException(limits.name() + " needs " + needed + " bytes for its samples, but "
                    + (file.length() - header.position()) + " are there: it is truncated or damaged");
        }
        return new PnmPicture(file, (int) width, (int) height, channels, (int) largest, header.position());
    }

    private static int bytes(long largest) {
        return largest > 0xFF ? 2 : 1;
    }

    /** The next number, with one white space behind it; comments reach to the ends of their lines. */
    private static long number(ByteBuffer header, String what, Limits limits) throws UnreadableInputException {
        StringBuilder digits = new StringBuilder();
        boolean comment = false;
        while (header.hasRemaining()) {
            char c = (char) header.get();
            if (comment) {
                comment = c != '\n' && c != '\r';
            } else if (c == '#' && digits.length() == 0) {
                comment = true;
            } else if (!Character.isWhitespace(c)) {
                digits.append(c);
            } else if (digits.length() > 0) {
                if (!digits.toString().matches("[0-9]{1,9}")) {
                    throw new UnreadableInputException(limits.name() + " is a portable pixmap whose " + what
                            + " is no number of at most nine digits: it is damaged");
                }
                return Long.parseLong(digits.toString());
            }
        }
        throw new UnreadableInputException(String.format(
                Locale.ROOT, "%s is a portable pixmap that ends in its header, before its %s", limits.name(), what));
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public boolean isEightBit() {
        return largest == 0xFF;
    }

    @Override
    public int bitpix() {
        return 8 * bytes(largest);
    }

    @Override
    public void readRow(int y, float[] brightness) {
        ByteBuffer row = row(y);
        for (int x = 0; x < width; x++) {
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += sample(row, x * channels + c);
            }
            brightness[x] = sum / channels;
        }
    }

    @Override
    public void readRow(int y, int channel, float[] samples) {
        ByteBuffer row = row(y);
        for (int x = 0; x < width; x++) {
            samples[x] = sample(row, x * channels + channel);
        }
    }

    private float sample(ByteBuffer row, int i) {
        return largest > 0xFF ? row.getChar(2 * i) : row.get(i) & 0xFF;
    }

    private ByteBuffer row(int y) {
        try {
            return file.range(start + (long) y * rowLength, rowLength);
        } catch (UnreadableInputException e) {
            throw new UncheckedIOException(e);
        }
    }
}
