package io.novasolve.sky.picture;

/**
 * A picture that holds something until it is closed.
 *
 * @param held frees it
 */
record OpenPicture(Picture picture, Runnable held) implements Picture {

    @Override
    public int width() {
        return picture.width();
    }

    @Override
    public int height() {
        return picture.height();
    }

    @Override
    public void readRow(int y, float[] brightness) {
        picture.readRow(y, brightness);
    }

    @Override
    public void close() {
        try {
            picture.close();
        } finally {
            held.run();
        }
    }
}
