package io.novasolve.engine.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header-data units of an index file. Index files carry raw memory in one-column tables and cards that are not quite
 * FITS, so this reads cards leniently and never trusts a size that the file cannot hold.
 */
final class FitsChunks {

    private static final int BLOCK = 2880;
    private static final int CARD = 80;
    private static final int MAX_HEADER_BLOCKS = 4000;

    /** One unit: its cards and its bytes (empty if it has none). */
    record Chunk(String index, Map<String, String> cards, ByteBuffer data) {

        /** Bytes of a table row. */
        int rowBytes() throws IndexFormatException {
            return integer("NAXIS1", 0);
        }

        int rows() throws IndexFormatException {
            return integer("NAXIS2", 0);
        }

        Optional<String> text(String key) {
            return Optional.ofNullable(cards.get(key));
        }

        boolean flag(String key) {
            return "T".equals(cards.get(key));
        }

        int integer(String key, int absent) throws IndexFormatException {
            String value = cards.get(key);
            if (value == null) {
                return absent;
            }
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IndexFormatException(index, "the card " + key + " is no integer but “" + value + "”", e);
            }
        }

        int integer(String key) throws IndexFormatException {
            require(key);
            return integer(key, 0);
        }

        double real(String key, double absent) throws IndexFormatException {
            String value = cards.get(key);
            if (value == null) {
                return absent;
            }
            try {
                return Double.parseDouble(value.replace('D', 'E'));
            } catch (NumberFormatException e) {
                throw new IndexFormatException(index, "the card " + key + " is no number but “" + value + "”", e);
            }
        }

        double real(String key) throws IndexFormatException {
            require(key);
            return real(key, 0);
        }

        private void require(String key) throws IndexFormatException {
            if (!cards.containsKey(key)) {
                throw new IndexFormatException(index, "the card " + key + " is missing");
            }
        }
    }

    private final Chunk primary;
    private final Map<String, Chunk> byColumn = new HashMap<>();
    private final @Nullable Chunk tagAlong;

    private FitsChunks(Chunk primary, List<Chunk> extensions) throws IndexFormatException {
        this.primary = primary;
        Chunk tags = null;
        for (Chunk chunk : extensions) {
            if (chunk.text("AN_FILE").filter("TAGALONG"::equals).isPresent()) {
                tags = chunk;
            } else {
                String name = chunk.text("TTYPE1").orElse("");
                if (byColumn.put(name, chunk) != null && !name.isEmpty()) {
                    throw new IndexFormatException(primary.index(), "the table " + name + " is there twice");
                }
            }
        }
        tagAlong = tags;
    }

    Chunk primary() {
        return primary;
    }

    Optional<Chunk> tagAlong() {
        return Optional.ofNullable(tagAlong);
    }

    Optional<Chunk> find(String column) {
        return Optional.ofNullable(byColumn.get(column));
    }

    Chunk get(String column) throws IndexFormatException {
        Chunk chunk = byColumn.get(column);
        if (chunk == null) {
            throw new IndexFormatException(primary.index(), "it has no table “" + column + "”");
        }
        return chunk;
    }

    /** Reads all headers; the data stay where they are, as slices of the buffer. */
    static FitsChunks read(String index, ByteBuffer file) throws IndexFormatException {
        List<Chunk> chunks = new ArrayList<>();
        long at = 0;
        while (at < file.limit()) {
            if (file.limit() - at < BLOCK) {
                throw new IndexFormatException(index, "it is cut short after " + file.limit() + " bytes");
            }
            Map<String, String> cards = new HashMap<>();
            int dataStart = readCards(index, file, (int) at, cards);
            if (chunks.isEmpty() && !cards.containsKey("SIMPLE")) {
                throw new IndexFormatException(index, "it is no FITS file");
            }
            Chunk bare = new Chunk(index, Map.copyOf(cards), ByteBuffer.allocate(0));
            long size = dataBytes(bare);
            long padded = (size + BLOCK - 1) / BLOCK * BLOCK;
            if (padded > file.limit() - (long) dataStart) {
                throw new IndexFormatException(
                        index,
                        "it is cut short: the table " + bare.text("TTYPE1").orElse("?") + " needs " + size
                                + " bytes, but only " + (file.limit() - dataStart) + " are left");
            }
            chunks.add(new Chunk(index, bare.cards(), file.slice(dataStart, (int) size)));
            at = dataStart + padded;
        }
        if (chunks.isEmpty()) {
            throw new IndexFormatException(index, "it is empty");
        }
        return new FitsChunks(chunks.get(0), chunks.subList(1, chunks.size()));
    }

    private static long dataBytes(Chunk chunk) throws IndexFormatException {
        int axes = chunk.integer("NAXIS", 0);
        if (axes == 0) {
            return 0;
        }
        int bits = Math.abs(chunk.integer("BITPIX", 8));
        if (axes != 2 || bits != 8 || chunk.rowBytes() < 0 || chunk.rows() < 0 || chunk.integer("PCOUNT", 0) != 0) {
            throw new IndexFormatException(chunk.index(), "it holds something else than plain tables");
        }
        return (long) chunk.rowBytes() * chunk.rows();
    }

    /** Returns the offset of the first byte behind the header. */
    private static int readCards(String index, ByteBuffer file, int start, Map<String, String> cards)
            throws IndexFormatException {
        byte[] card = new byte[CARD];
        for (int at = start; at + CARD <= file.limit() && at - start < MAX_HEADER_BLOCKS * BLOCK; at += CARD) {
            file.get(at, card);
            String text = new String(card, StandardCharsets.ISO_8859_1);
            String key = text.substring(0, 8).strip();
            if (key.equals("END") && text.substring(3).isBlank()) {
                int blocks = (at - start) / BLOCK + 1;
                return start + blocks * BLOCK;
            }
            if (!key.isEmpty() && text.charAt(8) == '=') {
                cards.putIfAbsent(key, value(text.substring(9)));
            }
        }
        throw new IndexFormatException(index, "the header at byte " + start + " has no end");
    }

    private static String value(String field) {
        String v = field.strip();
        if (v.startsWith("'")) {
            int end = v.indexOf('\'', 1);
            return (end < 0 ? v.substring(1) : v.substring(1, end)).strip();
        }
        int slash = v.indexOf('/');
        return (slash < 0 ? v : v.substring(0, slash)).strip();
    }
}
