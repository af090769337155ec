package io.novasolve.examples.server.field;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.ContentKind;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.InputKind;
import io.novasolve.sky.stars.StarList;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Pictures for people: the submitted ones as browsers can show them, small ones, and drawings on them. Each is made once and
 * kept for a while. All of them throw {@link BusyException} if too many are made at once, and {@link NoPictureException} if
 * there is nothing to show.
 */
public final class Pictures {

    /** Longest side in pixels of a thumbnail. */
    public static final int THUMBNAIL = 256;
    /** Longest side of a picture for a page. */
    public static final int DISPLAY = 640;
    /** Longest side of a picture that can be zoomed into. */
    public static final int LARGE = 2048;
    /** The picture as it is. */
    public static final int FULL = 0;

    /** A file ready to be sent; its bytes are open. */
    public record Ready(String mediaType, long size, InputStream bytes) {}

    /** Writes a file. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Draws over a picture. */
    @FunctionalInterface
    public interface Drawing {
        /** @param scale canvas pixels for each of the picture's */
        void draw(Graphics2D canvas, double scale) throws IOException;
    }

    /** Gives what is to be drawn; what it needs may be as large as the picture. */
    @FunctionalInterface
    public interface Source {
        @Nullable
        Drawing get() throws IOException;
    }

    private static final String PLAIN = "plain";

    private final Backend backend;
    private final FileCache cache;
    private final Duration patience;
    private final PictureReader reader = new PictureReader();

    /** Decoded pictures are large: a few at a time. */
    private final Semaphore room = new Semaphore(2, true);

    /**
     * @param folder for what was made
     * @param most bytes of it
     * @param patience how long one waits for others to be made
     */
    public Pictures(Backend backend, Path folder, long most, Duration patience, InstantSource clock)
            throws IOException {
        this.backend = backend;
        this.cache = new FileCache(folder, most, clock);
        this.patience = patience;
    }

    /** The picture of a job; the submitted bytes themselves where browsers know them and no size is asked for. */
    public Ready picture(Job job, int longest) throws IOException {
        for (boolean png : List.of(false, true)) {
            Optional<FileCache.Entry> kept = cache.open(name(job, PLAIN, longest, png));
            if (kept.isPresent()) {
                return ready(kept.get(), png);
            }
        }
        Content content = job.image().content();
        ContentKind kind = backend.kind(content);
        if (longest == FULL && kind.isWeb()) {
            return new Ready(kind.mediaType(), content.size(), backend.content().open(content.hash()));
        }
        boolean lossless = kind == ContentKind.PNG || kind == ContentKind.GIF || isStarList(job);
        return drawing(job, PLAIN, longest, lossless, () -> null);
    }

    /** Whether a job has no pixels, only positions of stars. */
    public boolean isStarList(Job job) throws IOException {
        Content content = job.image().content();
        Optional<Path> file = backend.content().file(content.hash());
        InputKind kind =
                file.isPresent() ? InputKind.of(file.get()) : withRoom(() -> InputKind.of(backend.bytes(content)));
        return kind == InputKind.STAR_LIST;
    }

    /**
     * The picture of a job with something drawn over it.
     *
     * @param name of what is drawn, to keep it by; letters and digits
     * @param longest side; {@link #FULL} for the picture's own size
     * @param png instead of JPEG
     * @param drawing is asked for only if the drawing is not there yet; null for the picture alone
     */
    public Ready drawing(Job job, String name, int longest, boolean png, Source drawing) throws IOException {
        return made(
                job, name, longest, png, out -> encode(draw(job, longest, drawing.get()), png ? "png" : "jpg", out));
    }

    /**
     * Anything else that is drawn of a job.
     *
     * @param name to keep it by; letters and digits
     * @param size of it, which is part of the name
     * @param png instead of JPEG
     */
    public Ready made(Job job, String name, int size, boolean png, Writing writing) throws IOException {
        String file = name(job, name, size, png);
        Optional<FileCache.Entry> kept = cache.open(file);
        return ready(kept.isPresent() ? kept.get() : cache.keep(make(writing), file), png);
    }

    /** A file that is made again each time, as large as the picture: it waits on disk for a client that is slow. */
    public Ready passing(String mediaType, Writing writing) throws IOException {
        Path made = make(writing);
        return new Ready(mediaType, Files.size(made), Files.newInputStream(made, StandardOpenOption.DELETE_ON_CLOSE));
    }

    private Path make(Writing writing) throws IOException {
        Path unfinished = cache.unfinished();
        try {
            withRoom(() -> {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                    writing.to(out);
                }
                return unfinished;
            });
            return unfinished;
        } catch (IOException | RuntimeException e) {
            Files.delete(unfinished);
            throw e;
        }
    }

    private static String name(Job job, String name, int longest, boolean png) {
        return String.format(
                Locale.ROOT,
                "%s-%d-%d-%s.%s",
                name,
                longest,
                job.id(),
                job.image().content().sha1(),
                png ? "png" : "jpg");
    }

    private static Ready ready(FileCache.Entry file, boolean png) {
        return new Ready(png ? "image/png" : "image/jpeg", file.size(), file.bytes());
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T withRoom(Work<T> work) throws IOException {
        try {
            if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BusyException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before it was its turn");
        }
        try {
            return work.run();
        } finally {
            room.release();
        }
    }

    private BufferedImage draw(Job job, int longest, @Nullable Drawing drawing) throws IOException {
        BufferedImage picture = read(job);
        int side = Math.max(picture.getWidth(), picture.getHeight());
        double scale = longest == FULL || side <= longest ? 1 : (double) longest / side;
        BufferedImage canvas = new BufferedImage(
                Math.max(1, (int) Math.round(picture.getWidth() * scale)),
                Math.max(1, (int) Math.round(picture.getHeight() * scale)),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = canvas.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            drawScaled(g, picture, canvas);
            if (drawing != null) {
                drawing.draw(g, scale);
            }
        } finally {
            g.dispose();
        }
        return canvas;
    }

    /** In halves first: a bilinear filter alone would skip pixels, and lose stars. */
    private static void drawScaled(Graphics2D g, BufferedImage picture, BufferedImage canvas) {
        BufferedImage current = picture;
        while (current.getWidth() >= 2 * canvas.getWidth() && current.getHeight() >= 2 * canvas.getHeight()) {
            BufferedImage half = new BufferedImage(
                    Math.max(1, current.getWidth() / 2),
                    Math.max(1, current.getHeight() / 2),
                    BufferedImage.TYPE_INT_RGB);
            Graphics2D h = half.createGraphics();
            h.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            h.drawImage(current, 0, 0, half.getWidth(), half.getHeight(), null);
            h.dispose();
            current = half;
        }
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        g.drawImage(current, 0, 0, canvas.getWidth(), canvas.getHeight(), null);
    }

    private BufferedImage read(Job job) throws IOException {
        byte[] bytes = backend.bytes(job.image().content());
        try {
            return reader.readImage(bytes, job.image().fileName());
        } catch (UnreadableInputException e) {
            return drawn(backend.nova()
                    .stars(job)
                    .orElseThrow(
                            () -> new NoPictureException("job " + job.id() + " has no picture: " + e.getMessage())));
        }
    }

    /** A star list as a picture: white dots on black, larger ones first in the list. */
    private static BufferedImage drawn(StarList stars) {
        int width = (int) Math.max(1, Math.min(20_000, Math.ceil(stars.width())));
        int height = (int) Math.max(1, Math.min(20_000, Math.ceil(stars.height())));
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        double unit = Math.max(1, Math.max(width, height) / 640.0);
        for (int i = 0; i < stars.size(); i++) {
            double r = unit * Math.max(1, 3 - i / 50.0);
            g.fill(new Ellipse2D.Double(stars.x(i) - 0.5 - r, stars.y(i) - 0.5 - r, 2 * r, 2 * r));
        }
        g.dispose();
        return image;
    }

    private static void encode(BufferedImage image, String format, OutputStream out) throws IOException {
        if (!ImageIO.write(image, format, out)) {
            throw new IOException("this Java writes no " + format);
        }
    }
}
