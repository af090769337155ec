package io.novasolve.benchmarks;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.sky.extract.ExtractionSettings;
import io.novasolve.sky.extract.SourceExtractor;
import io.novasolve.sky.picture.PictureReader;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * This engine against the native one on the same star lists with the same indexes, blind: {@code lists} takes the native star
 * lists of the pictures with known answers, {@code pictures} our own extraction of them. One thread, warm, refinement included;
 * wall and processor time of both, the median of three runs each, in turn.
 *
 * <p>{@code EngineAgainstNative lists|pictures [RUNS [NAME…]]}
 */
public final class EngineAgainstNative {

    private static final int SIP_ORDER = 2;
    private static final int NATIVE_LIMIT_S = 100;
    private static final int WARM_UP = 4;
    private static final long LIMIT_NANOS = 120_000_000_000L;

    private EngineAgainstNative() {}

    private record Field(TestPicture picture, SolveRequest request, double[] scaleArcsec) {}

    private record Times(double wallMs, double cpuMs) {}

    public static void main(String[] args) throws Exception {
        boolean lists = args[0].equals("lists");
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        List<String> names = List.of(args).subList(Math.min(2, args.length), args.length);
        List<Field> fields = new ArrayList<>();
        for (TestPicture picture : TestPictures.solvable()) {
            if (names.isEmpty() || names.stream().anyMatch(picture.file()::startsWith)) {
                fields.add(lists ? listed(picture) : extracted(picture));
            }
        }
        PlateSolver solver = PlateSolver.of(EngineData.indexes());
        for (int i = 0; i < WARM_UP; i++) {
            for (Field field : fields) {
                solver.solve(field.request, SearchControl.within(System::nanoTime, LIMIT_NANOS));
            }
        }
        compare(solver, fields, runs);
    }

    /** The native star list, with the range of scales that the native job of it names. */
    private static Field listed(TestPicture picture) throws IOException {
        JobFile job = JobFile.read(Files.readAllBytes(picture.nativeJob()), picture.file());
        SolveRequest request = SolveRequest.blind(job.stars());
        if (job.options().scale() == null) {
            return new Field(picture, request, new double[0]);
        }
        ScaleRange range = job.options().scaleRange(job.stars().width());
        return new Field(
                picture, request.withScale(range.low(), range.high()), new double[] {range.low(), range.high()});
    }

    private static Field extracted(TestPicture picture) throws IOException, InterruptedException {
        StarList stars = new SourceExtractor(Runnable::run, 1)
                .extract(
                        new PictureReader().read(Files.readAllBytes(picture.path()), picture.file()),
                        ExtractionSettings.standard());
        return new Field(picture, SolveRequest.blind(stars), new double[0]);
    }

    private static void compare(PlateSolver solver, List<Field> fields, int runs) throws Exception {
        System.out.println("picture\tours\tcentre_off_px\tscale_off_%\twall_ms\tcpu_ms\tnative_wall_ms\tnative_cpu_ms"
                + "\twall_ratio\tcpu_ratio");
        List<Double> wallRatios = new ArrayList<>();
        List<Double> cpuRatios = new ArrayList<>();
        double[] sums = new double[4];
        int right = 0;
        int near = 0;
        for (Field field : fields) {
            List<Times> ours = new ArrayList<>();
            List<Times> theirs = new ArrayList<>();
            SolveResult result = null;
            for (int i = 0; i < runs; i++) {
                long wall = System.nanoTime();
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                result = solver.solve(
                        field.request.withSipOrder(SIP_ORDER), SearchControl.within(System::nanoTime, LIMIT_NANOS));
                cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
                ours.add(new Times((System.nanoTime() - wall) / 1e6, cpu / 1e6));
                theirs.add(nativeRun(field));
            }
            Times our = median(ours);
            Times their = median(theirs);
            wallRatios.add(their.wallMs / our.wallMs);
            cpuRatios.add(their.cpuMs / our.cpuMs);
            sums[0] += our.wallMs;
            sums[1] += our.cpuMs;
            sums[2] += their.wallMs;
            sums[3] += their.cpuMs;
            String verdict = "unsolved";
            double off = Double.NaN;
            double scaleOff = Double.NaN;
            if (result instanceof Solved solved) {
                Wcs wcs = solved.solution().wcs();
                Wcs truth = WcsFile.read(field.picture.nativeWcs());
                off = wcs.centre().separationDeg(truth.centre()) * 3600 / truth.pixelScaleAtCentreArcsec();
                scaleOff = 100 * (wcs.pixelScaleAtCentreArcsec() / truth.pixelScaleAtCentreArcsec() - 1);
                near += off <= Math.max(0.5, solved.solution().rmsPx()) ? 1 : 0;
                verdict = PicturesAgainstNative.verdict(field.picture, wcs);
                right += verdict.equals("right") ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%s\t%.2f\t%+.2f\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f%n",
                    field.picture.file(),
                    verdict,
                    off,
                    scaleOff,
                    our.wallMs,
                    our.cpuMs,
                    their.wallMs,
                    their.cpuMs,
                    their.wallMs / our.wallMs,
                    their.cpuMs / our.cpuMs);
        }
        System.out.printf(
                Locale.ROOT,
                "%d of %d within tolerance, %d within 0.5 px or the RMS of the native centre%n"
                        + "wall: median ratio %.0f, of the sums %.0f (%.2f s against %.1f s), least %.0f%n"
                        + "processor: median ratio %.0f, of the sums %.0f (%.2f s against %.1f s), least %.0f%n",
                right,
                fields.size(),
                near,
                Medians.median(wallRatios),
                sums[2] / sums[0],
                sums[0] / 1e3,
                sums[2] / 1e3,
                wallRatios.stream().mapToDouble(r -> r).min().orElse(Double.NaN),
                Medians.median(cpuRatios),
                sums[3] / sums[1],
                sums[1] / 1e3,
                sums[3] / 1e3,
                cpuRatios.stream().mapToDouble(r -> r).min().orElse(Double.NaN));
    }

    private static Times nativeRun(Field field) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nova-benchmark-");
        StarList stars = field.request.stars();
        double[] widthsDeg = new double[field.scaleArcsec.length];
        for (int i = 0; i < widthsDeg.length; i++) {
            widthsDeg[i] = field.scaleArcsec[i] * stars.width() / 3600;
        }
        EngineData.writeJob(folder.resolve("list.axy"), stars, SIP_ORDER, NATIVE_LIMIT_S, 0, widthsDeg);
        long begin = System.nanoTime();
        double cpu = EngineData.runNative(folder, "list.axy");
        double wall = (System.nanoTime() - begin) / 1e6;
        EngineData.deleteFolder(folder);
        return new Times(wall, cpu * 1e3);
    }

    private static Times median(List<Times> times) {
        return new Times(
                Medians.median(times.stream().map(Times::wallMs).toList()),
                Medians.median(times.stream().map(Times::cpuMs).toList()));
    }
}
