package io.novasolve.engine;

import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Prints how each native list is solved. Arguments: repetitions, depth. */
final class NativeListsReport {

    private NativeListsReport() {}

    /** Processor time of this thread, which says more than the clock on a loaded machine. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    public static void main(String[] args) throws IOException {
        int repetitions = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int depth = args.length > 1 ? Integer.parseInt(args[1]) : 200;
        String only = args.length > 2 ? args[2] : "";
        PlateSolver solver = PlateSolver.of(NativeLists.indexes().orElseThrow());
        var lists = NativeLists.all();
        lists.removeIf(l -> !l.name().contains(only));
        double[] times = new double[lists.size()];
        int near = 0;
        int wrong = 0;
        for (int repetition = 0; repetition < repetitions; repetition++) {
            near = 0;
            wrong = 0;
            for (int i = 0; i < times.length; i++) {
                var list = lists.get(i);
                long start = cpu();
                SolveResult result = solver.solve(
                        list.request().withDepth(depth).withSipOrder(Integer.getInteger("sip", 2)),
                        SearchControl.within(System::nanoTime, 20_000_000_000L));
                double ms = (cpu() - start) / 1e6;
                times[i] = repetition == 0 ? ms : Math.min(ms, times[i]);
                String line;
                Wcs truth = list.wcs();
                SearchProgress s = result.statistics();
                if (result instanceof Solved solved) {
                    Wcs ours = solved.solution().wcs();
                    double pixels = ours.centre().separationDeg(truth.centre()) * 3600 / truth.pixelScaleArcsec();
                    double width = truth.fieldWidthDeg();
                    double limit = Math.max(truth.pixelScaleArcsec() / 3600, 0.01) * (width > 12 ? 2 : 1);
                    boolean good = pixels * truth.pixelScaleArcsec() / 3600 < limit
                            && Math.abs(ours.fieldWidthDeg() / width - 1) < (width > 12 ? 0.01 : 0.005);
                    boolean close = pixels <= Math.max(0.5, solved.solution().rmsPx());
                    near += close ? 1 : 0;
                    wrong += good ? 0 : 1;
                    var m = solved.solution().match();
                    line = String.format(
                            Locale.ROOT,
                            "%s%s rot %.2f dC %6.2f px (%4.2f tol) scale %.5f w %5.1f° %s logodds %.1f m %d/%d/%d ref %d all %d rms %.2f sip %d err %.2f px",
                            good ? "ok " : "BAD",
                            close ? " " : "~",
                            Math.abs(Math.IEEEremainder(
                                    ours.orientationAtCentreDeg() - truth.orientationAtCentreDeg(), 360)),
                            pixels,
                            pixels * truth.pixelScaleArcsec() / 3600 / limit,
                            ours.fieldWidthDeg() / width,
                            width,
                            m.index(),
                            m.logOdds(),
                            m.matches(),
                            m.distractors(),
                            m.conflicts(),
                            m.indexCount(),
                            solved.solution().matchedStars().size(),
                            solved.solution().rmsPx(),
                            ours.sip() == null ? 0 : ours.sip().a().order(),
                            solved.centreError().worstArcsec() / truth.pixelScaleArcsec());
                } else {
                    wrong++;
                    line = result.toString();
                }
                if (repetition == repetitions - 1) {
                    System.out.printf(
                            Locale.ROOT,
                            "%-22s %8.2f ms d%d q%d m%d t%d %s%n",
                            list.name(),
                            times[i],
                            s.depth(),
                            s.quadsTried(),
                            s.codeMatches(),
                            s.tested(),
                            line);
                }
            }
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "median %.2f ms, sum %.3f s, wrong or unsolved %d, near native %d of %d%n",
                times[times.length / 2],
                Arrays.stream(times).sum() / 1000,
                wrong,
                near,
                times.length);
    }
}
