package io.novasolve.sky;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands valid input with bytes changed, cut, put in, repeated or moved to whatever reads it: each case must be read, or
 * refused with the error meant for that and a sentence for people, at once and without taking much memory.
 *
 * <p>{@code -Dnova.fuzz.rounds} is the count of cases of each {@link #run}, {@code -Dnova.test.seed} draws others; both
 * are printed. A case depends on the seed, the name of its run and its number alone; one that fails is kept under
 * {@code target/fuzz}.
 */
public final class Fuzz {

    /** Reads damaged input. */
    @FunctionalInterface
    public interface Reader {
        /** @throws Exception of the kind for unreadable input, if it is refused */
        void read(byte[] input) throws Exception;
    }

    /**
     * What became of the cases.
     *
     * @param read those that were read nevertheless
     * @param refused those that were refused as they should be
     */
    public record Counts(int read, int refused) {}

    /** What people who read a message cannot make anything of. */
    public static final Pattern OF_PROGRAMS =
            Pattern.compile("java\\.|novasolve|commons|nom\\.tam|Exception|Counting|\\(null\\)|^null$");

    private static final String[] NUMBERS = {
        "0",
        "-1",
        "1",
        "3",
        "127",
        "255",
        "32768",
        "65536",
        "2147483647",
        "2147483648",
        "-2147483648",
        "4294967295",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "99999999999999999999",
        "1e308",
        "1e999",
        "-1e999",
        "1e-320",
        "NaN",
        "-0",
        "0.0",
        ".",
        "-",
        "Infinity",
        "1,5",
        "0x7f",
        " "
    };

    private static final long[] EXTREMES = {
        0,
        -1,
        1,
        127,
        128,
        255,
        256,
        32767,
        32768,
        65535,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** Of all that one case may take from the heap, one after another. */
    private static final long MOST_BYTES = 256 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How a case ended, and the memory it took. */
    private record Ending(@Nullable Throwable failure, long bytes) {}

    private final Class<?> test;
    private final long seed;
    private final int rounds;
    private List<Class<? extends Exception>> refusals = List.of(UnreadableInputException.class);
    private Duration limit = Duration.ofSeconds(10);
    private byte[][] words = {{0}};

    /** What the FITS library has to say of thousands of damaged files hides the report. */
    private static final Logger FITS_LIBRARY = Logger.getLogger("nom.tam");

    private Fuzz(Class<?> test, int rounds) {
        FITS_LIBRARY.setLevel(Level.OFF);
        this.test = test;
        this.seed = TestSeed.of(test);
        this.rounds = Integer.getInteger("nova.fuzz.rounds", rounds);
    }

    /** @param rounds cases of each run, unless {@code -Dnova.fuzz.rounds} says how many */
    public static Fuzz of(Class<?> test, int rounds) {
        return new Fuzz(test, rounds);
    }

    /** Input is refused with other errors than {@link UnreadableInputException}. */
    @SafeVarargs
    public final Fuzz refusedWith(Class<? extends Exception>... errors) {
        this.refusals = List.of(errors);
        return this;
    }

    /** How long one case may take; 10 s unless it is said. */
    public Fuzz within(Duration perCase) {
        this.limit = perCase;
        return this;
    }

    /** What has a meaning in the format, to be put in anywhere. */
    public Fuzz words(String... meaningful) {
        this.words = Arrays.stream(meaningful)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
        return this;
    }

    /** The same with one valid input. */
    public Counts run(String what, byte[] valid, Reader reader) throws Exception {
        return run(what, List.of(valid), reader);
    }

    /**
     * Shares the cases out among valid inputs.
     *
     * @param what is read, for the report
     * @throws AssertionError if a case ends otherwise than it should
     * @throws Exception if valid input is refused
     */
    public Counts run(String what, List<byte[]> valid, Reader reader) throws Exception {
        for (byte[] input : valid) {
            reader.read(input.clone());
        }
        int read = 0;
        long slowest = 0;
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "fuzz " + what);
            daemon.setDaemon(true);
            return daemon;
        });
        try {
            for (int round = 0; round < rounds; round++) {
                byte[] input = mutated(valid.get(round % valid.size()), random(what, round));
                long start = System.nanoTime();
                if (isRead(what, round, input, thread.submit(() -> ending(reader, input.clone())))) {
                    read++;
                }
                slowest = Math.max(slowest, System.nanoTime() - start);
            }
        } finally {
            thread.shutdownNow();
        }
        System.out.printf(
                "%s: %s: -Dnova.fuzz.rounds=%d, %d read, %d refused, the slowest in %d ms%n",
                test.getSimpleName(), what, rounds, read, rounds - read, slowest / 1_000_000);
        return new Counts(read, rounds - read);
    }

    /** Neighbouring seeds would begin alike. */
    private Random random(String what, int round) {
        return new Random((31 * seed + 7 * what.hashCode() + round) * 0x9E3779B97F4A7C15L);
    }

    /** Reads, and measures the memory that takes, whatever becomes of it again. */
    private static Ending ending(Reader reader, byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Throwable failure = null;
        try {
            reader.read(input);
        } catch (Throwable e) {
            failure = e;
        }
        return new Ending(failure, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    private boolean isRead(String what, int round, byte[] input, Future<Ending> reading) throws Exception {
        try {
            Ending ending = reading.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (ending.bytes > MOST_BYTES) {
                throw failed(what, round, input, "took " + (ending.bytes >> 20) + " MiB", ending.failure);
            }
            return ending.failure == null || isRead(what, round, input, ending.failure);
        } catch (TimeoutException e) {
            StringBuilder where = new StringBuilder("no end after " + limit);
            Thread.getAllStackTraces().forEach((thread, frames) -> {
                if (thread.getName().equals("fuzz " + what)) {
                    Arrays.stream(frames)
                            .forEach(frame -> where.append("\n    at ").append(frame));
                }
            });
            throw failed(what, round, input, where.toString(), e);
        }
    }

    private boolean isRead(String what, int round, byte[] input, Throwable failure) throws IOException {
        if (refusals.stream().noneMatch(refusal -> refusal.isInstance(failure))) {
            throw failed(what, round, input, failure.toString(), failure);
        }
        String message = failure.getMessage();
        if (message == null || message.isBlank() || OF_PROGRAMS.matcher(message).find()) {
            throw failed(what, round, input, "says nothing to people: " + message, failure);
        }
        return false;
    }

    private AssertionError failed(String what, int round, byte[] input, String how, @Nullable Throwable cause)
            throws IOException {
        Path file = Path.of("target", "fuzz", test.getSimpleName() + "-" + what.replaceAll("\\W+", "-") + "-" + round);
        Files.createDirectories(file.getParent());
        Files.write(file, input);
        return new AssertionError(
                what + ", round " + round + " of -Dnova.test.seed=" + seed + " (kept as " + file + "): " + how, cause);
    }

    private byte[] mutated(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int change = random.nextInt(4); change >= 0 && bytes.length > 1; change--) {
            // Headers are at the front and deserve most of the attention.
            int at = random.nextInt(
                    switch (random.nextInt(4)) {
                        case 0, 1 -> Math.min(bytes.length, 600);
                        case 2 -> Math.min(bytes.length, 6000);
                        default -> bytes.length;
                    });
            bytes = changed(bytes, at, random);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes, int at, Random random) {
        int length = 1 + random.nextInt(Math.min(40, bytes.length - at));
        switch (random.nextInt(12)) {
            case 0 -> bytes[at] = (byte) random.nextInt(256);
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
            case 3 -> bytes[at] = (byte) ('0' + random.nextInt(10));
            case 4 -> {
                // Few are cut, for the rest of a cut one is never looked at.
                return random.nextInt(3) > 0 ? bytes : Arrays.copyOf(bytes, at + 1);
            }
            case 5 -> {
                return spliced(bytes, at, length, new byte[0]);
            }
            case 6 -> {
                return spliced(bytes, at, 0, words[random.nextInt(words.length)]);
            }
            case 7 -> {
                return spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
            }
            case 8 -> {
                int from = random.nextInt(bytes.length);
                int most = bytes.length - Math.max(from, at);
                System.arraycopy(bytes, from, bytes, at, Math.min(random.nextInt(3) > 0 ? length : 20 * length, most));
            }
            case 9, 10 -> {
                return number(bytes, at, random);
            }
            default -> {
                ByteBuffer number = ByteBuffer.allocate(8)
                        .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                long value = EXTREMES[random.nextInt(EXTREMES.length)];
                int size = 2 << random.nextInt(3);
                switch (size) {
                    case 2 -> number.putShort((short) value);
                    case 4 -> number.putInt((int) value);
                    default -> number.putLong(value);
                }
                System.arraycopy(number.array(), 0, bytes, at, Math.min(size, bytes.length - at));
            }
        }
        return bytes;
    }

    /** Another number in place of the next one that is written in digits: where all else keeps its place, or moving it. */
    private static byte[] number(byte[] bytes, int at, Random random) {
        int from = at;
        while (from < bytes.length && !isDigit(bytes[from])) {
            from++;
        }
        int to = from;
        while (to < bytes.length && isDigit(bytes[to])) {
            to++;
        }
        byte[] number = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(StandardCharsets.US_ASCII);
        if (random.nextBoolean()) {
            return spliced(bytes, from, to - from, number);
        }
        Arrays.fill(bytes, from, to, (byte) ' ');
        // Right-aligned, as the cards of FITS have it, if there is room.
        int start = Math.max(0, Math.min(to, bytes.length) - number.length);
        System.arraycopy(number, 0, bytes, start, Math.min(number.length, bytes.length - start));
        return bytes;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] spliced(byte[] bytes, int at, int removed, byte[] added) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + added.length);
        out.write(bytes, 0, at);
        out.writeBytes(added);
        out.write(bytes, at + removed, bytes.length - at - removed);
        return out.toByteArray();
    }
}
