package io.novasolve.core.axy;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Parity;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.stars.StarList;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCardException;
import org.jspecify.annotations.Nullable;

/** The instructions of a job file, as cards of its primary header. */
final class JobCards {

    /** Stars that join the search at a time: small steps reach a bright quad without trying all the faint ones. */
    private static final int DEPTH_STEP = 10;

    /** As deep as the engine goes by itself. */
    private static final int DEFAULT_DEPTH = 200;

    /** The engine makes quads of the first thousand stars at most. */
    private static final int MAX_STEPS = 100;

    private static final int MAX_NUMBERED = 1000;

    private final Header header;
    private final String name;

    /** @param name of the file, for messages */
    JobCards(Header header, String name) {
        this.header = header;
        this.name = name;
    }

    static void write(StarList stars, SolveOptions options, String marker, Header to) throws HeaderCardException {
        number(to, "IMAGEW", stars.width(), "[pix] picture width");
        number(to, "IMAGEH", stars.height(), "[pix] picture height");
        to.addValue("ANRUN", true, "solve this");
        writeSearch(stars, options, to);
        writeVerification(options, to);
        writeLimits(options, to);
        to.addValue("ANTAGALL", true, "carry all columns of the catalogue");
        to.addValue("ANSOLVED", marker, "says that it is solved");
        to.addValue("ANSOLVIN", marker, "stop when this says so");
        to.addValue("ANCANCEL", JobFile.CANCEL, "stop when this appears");
        to.addValue("ANWCS", JobFile.WCS, "result");
        to.addValue("ANCORR", JobFile.CORR, "result");
        to.addValue("ANRDLS", JobFile.RDLS, "result");
        to.addValue("ANMATCH", JobFile.MATCH, "result");
    }

    private static void writeSearch(StarList stars, SolveOptions options, Header to) throws HeaderCardException {
        if (options.scale() != null) {
            ScaleRange range = options.scaleRange(stars.width());
            number(to, "ANAPPL1", range.low(), "[arcsec/pix] smallest scale");
            number(to, "ANAPPU1", range.high(), "[arcsec/pix] largest scale");
        }
        PositionHint position = options.position();
        if (position != null) {
            number(to, "ANERA", position.centre().raDeg(), "[deg] all stars of the quad lie near this RA");
            number(to, "ANEDEC", position.centre().decDeg(), "[deg] and Dec");
            number(to, "ANERAD", position.radiusDeg(), "[deg] within this radius");
        }
        if (options.parity() != null) {
            String sign = options.parity() == Parity.POS ? "det CD < 0" : "det CD > 0";
            to.addValue("ANPARITY", options.parity().name(), "only " + sign);
        }
        if (options.depth() != null || options.depthFrom() != null) {
            writeDepth(
                    options.depthFrom() == null ? 1 : options.depthFrom(),
                    options.depth() == null ? DEFAULT_DEPTH : options.depth(),
                    to);
        }
    }

    /** The depths are fields of their own for the engine, each with its own clock, so they are not made finer. */
    private static void writeDepth(int first, int depth, Header to) throws HeaderCardException {
        int from = first;
        for (int i = 1; i <= MAX_STEPS && from <= depth; i++) {
            int last = i == MAX_STEPS ? depth : Math.min(depth, (from - 1) / DEPTH_STEP * DEPTH_STEP + DEPTH_STEP);
            to.addValue("ANDPL" + i, from, "first star of a step");
            to.addValue("ANDPU" + i, last, "last star of a step");
            from = last + 1;
        }
    }

    private static void writeVerification(SolveOptions options, Header to) throws HeaderCardException {
        if (options.positionalErrorPx() != null) {
            number(to, "ANPOSERR", options.positionalErrorPx(), "[pix] error of a position");
        }
        if (options.oddsToSolve() != null) {
            number(to, "ANODDSSL", options.oddsToSolve(), "odds to accept a solution");
        }
        to.addValue("ANVERUNI", true, "spread the stars evenly to verify");
        // Extracted stars keep their distance already; looking for doubles costs the engine a fifth to half of its
        // time.
        to.addValue("ANVERDUP", false, "no search for doubles to verify");
        int order = options.tweakOrderOrDefault();
        to.addValue("ANTWEAK", order > 0, "fit a SIP distortion");
        if (order > 0) {
            to.addValue("ANTWEAKO", order, "order of the distortion");
        }
        if (Boolean.TRUE.equals(options.crpixCentre())) {
            to.addValue("ANCRPIXC", true, "reference pixel in the middle");
        }
    }

    private static void writeLimits(SolveOptions options, Header to) throws HeaderCardException {
        if (options.cpuLimit() != null) {
            to.addValue("ANCLIM", wholeSeconds(options.cpuLimit()), "[s] limit of CPU time");
        }
        if (options.timeout() != null) {
            to.addValue("ANTLIM", wholeSeconds(options.timeout()), "[s] limit of wall time");
        }
    }

    /** Rounded up: the engine takes 0 for “no limit”. */
    private static int wholeSeconds(Duration limit) {
        long seconds = limit.getNano() > 0 ? limit.getSeconds() + 1 : limit.getSeconds();
        return (int) Math.min(Integer.MAX_VALUE, seconds);
    }

    /** A number with all its digits; the library itself would round to sixteen. */
    private static void number(Header to, String key, double value, String comment) throws HeaderCardException {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            to.addValue(key, (long) value, comment);
        } else {
            to.addValue(key, new BigDecimal(Double.toString(value)), comment);
        }
    }

    static boolean asksForSolve(Header header) {
        return header.containsKey("ANRUN") || header.containsKey("ANFD1") || header.containsKey("ANFDL1");
    }

    /** The extension with the stars: the first that the job asks for. */
    int field() throws UnreadableInputException {
        Double single = number("ANFD1");
        Double field = single != null ? single : number("ANFDL1");
        if (field == null) {
            return 1;
        }
        require(field >= 1 && field <= MAX_NUMBERED, "asks for field " + field, "fields are numbered from 1");
        return field.intValue();
    }

    String xColumn() {
        return header.getStringValue("ANXCOL", "X").trim();
    }

    String yColumn() {
        return header.getStringValue("ANYCOL", "Y").trim();
    }

    double width(StarTable table) throws UnreadableInputException {
        return size("IMAGEW", table);
    }

    double height(StarTable table) throws UnreadableInputException {
        return size("IMAGEH", table);
    }

    private double size(String key, StarTable table) throws UnreadableInputException {
        Double own = number(key);
        Double size = own != null ? own : new JobCards(table.header(), name).number(key);
        if (size == null || size <= 0) {
            throw new UnreadableInputException(name + (size == null ? " has no " + key : " has " + key + " = " + size)
                    + ": a job file says the size of its picture in pixels with IMAGEW and IMAGEH");
        }
        return size;
    }

    SolveOptions options() throws UnreadableInputException {
        try {
            return SolveOptions.builder()
                    .scale(scale())
                    .position(position())
                    .parity(parity())
                    .depthFrom(depthFrom())
                    .depth(depth())
                    .positionalErrorPx(number("ANPOSERR"))
                    .oddsToSolve(number("ANODDSSL"))
                    .tweakOrder(tweakOrder())
                    .crpixCentre(header.containsKey("ANCRPIXC") ? header.getBooleanValue("ANCRPIXC") : null)
                    .cpuLimit(duration("ANCLIM"))
                    .timeout(duration("ANTLIM"))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new UnreadableInputException(
                    name + " has an instruction in its AN… cards that makes no sense: " + e.getMessage(), e);
        }
    }

    /** One range that holds all that are asked for; a bound that is 0 or absent anywhere is open. */
    private @Nullable ScaleHint scale() throws UnreadableInputException {
        Double low = null;
        Double high = null;
        for (int i = 1; i < MAX_NUMBERED && (has("ANAPPL" + i) || has("ANAPPU" + i)); i++) {
            double l = orZero(number("ANAPPL" + i));
            double h = orZero(number("ANAPPU" + i));
            low = low == null ? l : Math.min(low, l);
            high = high == null ? h : high == 0 || h == 0 ? 0 : Math.max(high, h);
        }
        if (low == null || high == null || low == 0 && high == 0 || header.getBooleanValue("ANAPPDEF", false)) {
            return null;
        }
        return new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, low == 0 ? null : low, high == 0 ? null : high);
    }

    private @Nullable PositionHint position() throws UnreadableInputException {
        Double ra = number("ANERA");
        Double dec = number("ANEDEC");
        Double radius = number("ANERAD");
        if (ra == null || dec == null || radius == null) {
            return null;
        }
        double turned = ra % 360;
        return PositionHint.of(turned < 0 ? turned + 360 : turned, dec, radius);
    }

    private @Nullable Parity parity() throws UnreadableInputException {
        String word = header.getStringValue("ANPARITY", "").trim().toUpperCase(Locale.ROOT);
        if (word.isEmpty() || word.equals("BOTH")) {
            return null;
        }
        require(
                word.equals("POS") || word.equals("NEG"),
                "has ANPARITY = '" + word + "'",
                "the parity is POS, NEG or not given");
        return Parity.valueOf(word);
    }

    /** 1 is where every search begins, so it says nothing. */
    private @Nullable Integer depthFrom() throws UnreadableInputException {
        Double first = null;
        for (int i = 1; i < MAX_NUMBERED && has("ANDPL" + i); i++) {
            Double from = number("ANDPL" + i);
            first = first == null || from != null && from < first ? from : first;
        }
        return first == null || first == 1 ? null : (Integer) (int) Math.min(Integer.MAX_VALUE, first);
    }

    private @Nullable Integer depth() throws UnreadableInputException {
        Double deepest = null;
        for (int i = 1; i < MAX_NUMBERED && has("ANDPU" + i); i++) {
            Double last = number("ANDPU" + i);
            deepest = deepest == null || last != null && last > deepest ? last : deepest;
        }
        return deepest == null ? null : (Integer) (int) Math.min(Integer.MAX_VALUE, deepest);
    }

    private @Nullable Integer tweakOrder() throws UnreadableInputException {
        if (!header.getBooleanValue("ANTWEAK", true)) {
            return 0;
        }
        Double order = number("ANTWEAKO");
        return order == null ? null : (Integer) order.intValue();
    }

    /** The engine takes 0 for “no limit”. */
    private @Nullable Duration duration(String key) throws UnreadableInputException {
        Double seconds = number(key);
        return seconds == null || seconds <= 0 ? null : Duration.ofMillis((long) Math.min(1e15, seconds * 1000));
    }

    private boolean has(String key) {
        return header.containsKey(key);
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    /** A card's number; null if there is no such card. */
    private @Nullable Double number(String key) throws UnreadableInputException {
        if (!header.containsKey(key)) {
            return null;
        }
        double value = header.getDoubleValue(key, Double.NaN);
        require(
                Double.isFinite(value),
                "has no number in its card " + key,
                "every value there must be a finite number");
        return value;
    }

    private void require(boolean holds, String what, String rule) throws UnreadableInputException {
        if (!holds) {
            throw new UnreadableInputException(name + " " + what + ": " + rule);
        }
    }
}
