package io.novasolve.engine;

import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;

/** Star lists of real pictures and what the native engine made of them, where they are at hand. */
final class NativeLists {

    static final Path INDEX_FOLDER = Path.of("/usr/share/astrometry");

    private NativeLists() {}

    record NativeList(String name, Path axy, SolveRequest request, Wcs wcs) {}

    /** The folder with pictures beside the repository (or beside the folder that holds it), if there is one. */
    static Optional<Path> folder() {
        Path at = Path.of(System.getProperty("nova.root", ".")).toAbsolutePath().normalize();
        for (Path p = at.getParent(); p != null; p = p.getParent()) {
            Path folder = p.resolve("shared/images/native");
            if (Files.isDirectory(folder)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    static Optional<IndexLibrary> indexes() throws IOException {
        if (!Files.isDirectory(INDEX_FOLDER)) {
            return Optional.empty();
        }
        IndexLibrary library = IndexLibrary.open(List.of(INDEX_FOLDER));
        return library.indexes().isEmpty() ? Optional.empty() : Optional.of(library);
    }

    static List<NativeList> all() throws IOException {
        List<NativeList> lists = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder().orElseThrow(), "*.axy")) {
            for (Path file : files) {
                lists.add(read(file));
            }
        } catch (FitsException e) {
            throw new IOException(e);
        }
        lists.sort(java.util.Comparator.comparing(NativeList::name));
        return lists;
    }

    private static NativeList read(Path axy) throws IOException, FitsException {
        String name = axy.getFileName().toString().replace(".axy", "");
        try (Fits fits = new Fits(axy.toFile())) {
            Header job = fits.getHDU(0).getHeader();
            BinaryTableHDU table = (BinaryTableHDU) fits.getHDU(1);
            float[] x = (float[]) table.getColumn("X");
            float[] y = (float[]) table.getColumn("Y");
            double[] xs = new double[x.length];
            double[] ys = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                xs[i] = x[i];
                ys[i] = y[i];
            }
            SolveRequest request =
                    SolveRequest.blind(StarList.of(job.getDoubleValue("IMAGEW"), job.getDoubleValue("IMAGEH"), xs, ys));
            if (job.containsKey("ANAPPL1")) {
                request = request.withScale(job.getDoubleValue("ANAPPL1"), job.getDoubleValue("ANAPPU1"));
            }
            return new NativeList(name, axy, request, wcs(axy.resolveSibling(name + ".wcs")));
        }
    }

    static Wcs wcs(Path file) throws IOException {
        try (Fits fits = new Fits(file.toFile())) {
            Header h = fits.readHDU().getHeader();
            Sip sip = h.containsKey("A_ORDER")
                    ? new Sip(polynomial(h, "A"), polynomial(h, "B"), polynomial(h, "AP"), polynomial(h, "BP"))
                    : null;
            return new Wcs(
                    new SkyPosition(h.getDoubleValue("CRVAL1"), h.getDoubleValue("CRVAL2")),
                    new PixelPosition(h.getDoubleValue("CRPIX1"), h.getDoubleValue("CRPIX2")),
                    h.getDoubleValue("CD1_1"),
                    h.getDoubleValue("CD1_2"),
                    h.getDoubleValue("CD2_1"),
                    h.getDoubleValue("CD2_2"),
                    sip,
                    h.getDoubleValue("IMAGEW"),
                    h.getDoubleValue("IMAGEH"));
        } catch (FitsException e) {
            throw new IOException(e);
        }
    }

    private static SipPolynomial polynomial(Header h, String name) {
        int order = h.getIntValue(name + "_ORDER");
        double[][] c = new double[order + 1][order + 1];
        for (int p = 0; p <= order; p++) {
            for (int q = 0; q <= order - p; q++) {
                c[p][q] = h.getDoubleValue(name + "_" + p + "_" + q, 0);
            }
        }
        return SipPolynomial.of(order, c);
    }
}
