package io.novasolve.index.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of published index series. */
public final class IndexCatalog {

    private static final String TABLE = "series.tsv";
    private static final int COLUMNS = 9;

    private final List<IndexSeries> series;

    private IndexCatalog(List<IndexSeries> series) {
        this.series = List.copyOf(series);
    }

    /** A table of one's own. */
    public static IndexCatalog of(List<IndexSeries> series) {
        return new IndexCatalog(series);
    }

    /** The series that are published at data.astrometry.net, and Debian's Tycho-2 indexes. */
    public static IndexCatalog published() {
        try (InputStream in = IndexCatalog.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is missing from the class path");
            }
            return parse(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("the table of index series cannot be read", e);
        }
    }

    private static IndexCatalog parse(BufferedReader lines) throws IOException {
        Map<String, IndexSeries> series = new LinkedHashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (cells.length != COLUMNS) {
                throw new IllegalStateException("the table of index series has the broken line “" + line + "”");
            }
            double megabytes = cells[3].equals("-") ? Double.NaN : Double.parseDouble(cells[3]);
            IndexSeries.Scale scale =
                    new IndexSeries.Scale(Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), megabytes, cells[6]);
            IndexSeries known = series.get(cells[0]);
            List<IndexSeries.Scale> scales = new ArrayList<>(known == null ? List.of() : known.scales());
            scales.add(scale);
            URI url = cells[5].equals("-") ? null : URI.create(cells[5]);
            series.put(cells[0], new IndexSeries(cells[0], cells[7], cells[8], cells[4], url, scales));
        }
        return new IndexCatalog(List.copyOf(series.values()));
    }

    /** All series. */
    public List<IndexSeries> series() {
        return series;
    }

    /** The series of a name, whatever its case. */
    public Optional<IndexSeries> find(String name) {
        return series.stream().filter(s -> s.name().equalsIgnoreCase(name)).findFirst();
    }
}
