package io.novasolve.benchmarks;

import io.novasolve.core.axy.JobFile;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;

/** The installed indexes, and the native engine run on a star list with its processor time. */
final class EngineData {

    private EngineData() {}

    static Path indexFolder() {
        return Path.of(System.getProperty("nova.indexes", "/usr/share/astrometry"));
    }

    /** All index files of the folder {@code nova.indexes}, by default where Debian puts them. */
    static IndexLibrary indexes() throws IOException {
        List<Index> indexes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(indexFolder(), "*.fits")) {
            for (Path file : files) {
                indexes.add(Index.open(file));
            }
        }
        return IndexLibrary.of(indexes);
    }

    /** The native tools' star list of a picture with a known answer, and what they made of it. */
    record NativeList(String name, StarList stars, Wcs wcs) {}

    static List<NativeList> nativeLists() throws IOException {
        List<NativeList> lists = new ArrayList<>();
        for (TestPicture picture : TestPictures.solvable()) {
            JobFile job = JobFile.read(Files.readAllBytes(picture.nativeJob()), picture.file());
            lists.add(new NativeList(picture.file(), job.stars(), WcsFile.read(picture.nativeWcs())));
        }
        return lists;
    }

    /**
     * Writes a job of the native engine, whose solution goes to files of the names that {@link SolutionFiles} reads.
     *
     * @param depth number of stars quads are made of, or 0 for its own choice
     * @param widthsDeg narrowest and widest field, or nothing for the engine's own range
     */
    static void writeJob(Path axy, StarList stars, int sipOrder, int cpuLimitS, int depth, double... widthsDeg)
            throws IOException {
        float[] x = new float[stars.size()];
        float[] y = new float[stars.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) stars.x(i);
            y[i] = (float) stars.y(i);
        }
        try (Fits fits = new Fits()) {
            BasicHDU<?> primary = BasicHDU.getDummyHDU();
            Header h = primary.getHeader();
            h.addValue("IMAGEW", stars.width(), "");
            h.addValue("IMAGEH", stars.height(), "");
            h.addValue("ANRUN", true, "");
            h.addValue("ANCLIM", cpuLimitS, "");
            h.addValue("ANVERUNI", true, "");
            h.addValue("ANVERDUP", false, "");
            h.addValue("ANTWEAK", true, "");
            h.addValue("ANTWEAKO", sipOrder, "");
            if (depth > 0) {
                h.addValue("ANDPL1", 1, "");
                h.addValue("ANDPU1", depth, "");
            }
            if (widthsDeg.length == 2) {
                h.addValue("ANAPPL1", 3600 * widthsDeg[0] / stars.width(), "");
                h.addValue("ANAPPU1", 3600 * widthsDeg[1] / stars.width(), "");
            }
            h.addValue("ANSOLVED", SolutionFiles.SOLVED, "");
            h.addValue("ANWCS", SolutionFiles.WCS, "");
            h.addValue("ANCORR", SolutionFiles.CORR, "");
            fits.addHDU(primary);
            BinaryTable table = new BinaryTable();
            table.addColumn(x);
            table.addColumn(y);
            BinaryTableHDU hdu = (BinaryTableHDU) Fits.makeHDU(table);
            hdu.setColumnName(0, "X", null);
            hdu.setColumnName(1, "Y", null);
            fits.addHDU(hdu);
            fits.write(axy.toFile());
        } catch (FitsException e) {
            throw new IOException(e);
        }
    }

    /** Runs the native engine on a job in a folder, all indexes in parallel; returns its user and system time in seconds. */
    static double runNative(Path folder, String axy) throws IOException, InterruptedException {
        Path config = folder.resolve("engine.cfg");
        Files.writeString(config, "inparallel\nadd_path " + indexFolder() + "\nautoindex\n");
        // The shell's "times" tells the processor time of its children on its second line.
        Process process = new ProcessBuilder(
                        "sh", "-c", "astrometry-engine --config engine.cfg \"$1\" >engine.log 2>&1; times", "sh", axy)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String times;
        try (InputStream in = process.getInputStream()) {
            times = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        process.waitFor();
        double seconds = 0;
        String[] lines = times.strip().split("\n");
        for (String t : lines[lines.length - 1].strip().split("\\s+")) {
            int m = t.indexOf('m');
            seconds +=
                    60 * Double.parseDouble(t.substring(0, m)) + Double.parseDouble(t.substring(m + 1, t.length() - 1));
        }
        return seconds;
    }

    static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
