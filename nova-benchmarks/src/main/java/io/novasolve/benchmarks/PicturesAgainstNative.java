package io.novasolve.benchmarks;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import io.novasolve.transport.local.AstrometryEngineTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Real pictures, blind, with one set of options for all: Nova with the native engine against {@code solve-field} with the
 * options that are known to work for each picture. The whole warm run is timed, a median of several, in turn; where the machine is busy, compare
 * the CPU times.
 *
 * <p>{@code PicturesAgainstNative [RUNS [NAME…]]}
 */
public final class PicturesAgainstNative {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final int runs;
    private final Path scratch;

    private PicturesAgainstNative(int runs, Path scratch) {
        this.runs = runs;
        this.scratch = scratch;
    }

    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        List<String> names = args.length > 1 ? Arrays.asList(args).subList(1, args.length) : List.of();
        Path scratch = Files.createTempDirectory("nova-benchmark-");
        try (Nova nova = Nova.builder(transport())
                .reuseSolutions(false)
                .jobWorkers(1)
                .defaults(SolveOptions.builder().timeout(LIMIT).build())
                .start()) {
            new PicturesAgainstNative(runs, scratch).compare(nova, names);
        }
    }

    private static SolverTransport transport() throws Exception {
        return AstrometryEngineTransport.installed();
    }

    private void compare(Nova nova, List<String> names) throws IOException, InterruptedException {
        System.out.println("picture\tours\tnova_ms\tsolve_field_ms\tratio\tdecode_ms\textract_ms\tsolve_ms\tlist_ms"
                + "\tnova_cpu\tsolve_field_cpu\tlist_cpu");
        int slower = 0;
        int slowerCpu = 0;
        double ownCpu = 0;
        double nativeCpu = 0;
        int right = 0;
        int expected = 0;
        double ownLists = 0;
        double nativeLists = 0;
        for (TestPicture picture : TestPictures.all()) {
            if (!names.isEmpty() && !names.contains(picture.file())) {
                continue;
            }
            Measured m = measure(nova, picture);
            boolean solve = picture.expectation() == TestPicture.Expectation.SOLVE;
            if (solve) {
                expected++;
                right += m.verdict.equals("right") ? 1 : 0;
                slower += m.nova <= m.solveField ? 0 : 1;
                ownLists += m.solve;
                nativeLists += m.nativeList;
                slowerCpu += m.novaCpu <= m.solveFieldCpu ? 0 : 1;
                ownCpu += m.novaCpu;
                nativeCpu += m.nativeListCpu;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%s\t%.0f\t%.0f\t%.2f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f%n",
                    picture.file(),
                    m.verdict,
                    m.nova,
                    m.solveField,
                    m.nova / m.solveField,
                    m.decode,
                    m.extract,
                    m.solve,
                    m.nativeList,
                    m.novaCpu,
                    m.solveFieldCpu,
                    m.nativeListCpu);
        }
        System.out.printf(
                Locale.ROOT,
                "%d of %d right, %d slower than solve-field; engine on our lists %.1f s, on the native lists %.1f s%n"
                        + "in CPU time: %d slower than solve-field; Nova on the pictures, decoding and extraction included, %.1f s,"
                        + " on the native lists %.1f s%n",
                right,
                expected,
                slower,
                ownLists / 1000,
                nativeLists / 1000,
                slowerCpu,
                ownCpu / 1000,
                nativeCpu / 1000);
    }

    private record Measured(
            String verdict,
            double nova,
            double solveField,
            double decode,
            double extract,
            double solve,
            double nativeList,
            double novaCpu,
            double solveFieldCpu,
            double nativeListCpu) {}

    private Measured measure(Nova nova, TestPicture picture) throws IOException, InterruptedException {
        Job warm = solve(nova, picture.path());
        String verdict = verdict(picture, warm);
        boolean solvable = picture.expectation() == TestPicture.Expectation.SOLVE;
        List<Job> jobs = new ArrayList<>();
        List<Job> lists = new ArrayList<>();
        List<Double> fields = new ArrayList<>();
        List<Double> jobCpu = new ArrayList<>();
        List<Double> fieldCpu = new ArrayList<>();
        List<Double> listCpu = new ArrayList<>();
        for (int i = 0; i < runs && solvable; i++) {
            double start = CpuTime.ms();
            jobs.add(solve(nova, picture.path()));
            double solved = CpuTime.ms();
            jobCpu.add(solved - start);
            fields.add(solveField(picture));
            double field = CpuTime.ms();
            fieldCpu.add(field - solved);
            lists.add(solve(nova, picture.nativeJob()));
            listCpu.add(CpuTime.ms() - field);
        }
        List<Job> timed = jobs.isEmpty() ? List.of(warm) : jobs;
        return new Measured(
                verdict,
                Medians.median(timed.stream().map(j -> ms(j.timings().total())).toList()),
                Medians.median(fields),
                Medians.median(timed.stream().map(j -> ms(j.timings().decode())).toList()),
                Medians.median(
                        timed.stream().map(j -> ms(j.timings().extract())).toList()),
                Medians.median(timed.stream().map(j -> ms(j.timings().solve())).toList()),
                Medians.median(lists.stream().map(j -> ms(j.timings().solve())).toList()),
                Medians.median(jobCpu),
                Medians.median(fieldCpu),
                Medians.median(listCpu));
    }

    private static Job solve(Nova nova, Path file) {
        SubmissionResult result = nova.submit(file).result().join();
        return result.jobs().get(0);
    }

    static String verdict(TestPicture picture, Job job) {
        if (!(job.outcome() instanceof ImageOutcome.Solved solved)) {
            return job.state().word();
        }
        if (picture.truth().isEmpty()) {
            return "solved";
        }
        return verdict(picture, solved.calibration().wcs());
    }

    static String verdict(TestPicture picture, Wcs wcs) {
        try {
            picture.truth().orElseThrow().assertAgrees(wcs);
            return "right";
        } catch (AssertionError e) {
            return "WRONG " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
    }

    private double solveField(TestPicture picture) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(scratch, "solve-field-");
        return NativeTools.run(folder, solveFieldCommand(picture, folder));
    }

    static List<String> solveFieldCommand(TestPicture picture, Path folder) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("solve-field", "--no-plots", "--overwrite", "--dir", folder.toString(), "--cpulimit", "60"));
        command.addAll(optionsNeeded(picture));
        command.add(picture.path().toString());
        return command;
    }

    /** {@code d2} stands for a factor; the range of scales that some pictures needed is in their job files. */
    private static List<String> optionsNeeded(TestPicture picture) throws IOException {
        String needed = picture.optionsNeeded();
        if (!needed.matches("d\\d.*")) {
            return needed.isBlank() ? List.of() : List.of(needed.split(" "));
        }
        List<String> options = new ArrayList<>(List.of("--downsample", needed.substring(1, 2)));
        JobFile job = JobFile.read(Files.readAllBytes(picture.nativeJob()), picture.file());
        if (job.options().scale() != null) {
            ScaleRange range = job.options().scaleRange(job.stars().width());
            options.addAll(List.of("--scale-units", "arcsecperpix"));
            options.addAll(List.of("--scale-low", Double.toString(range.low())));
            options.addAll(List.of("--scale-high", Double.toString(range.high())));
        }
        return options;
    }

    private static double ms(Duration d) {
        return d.toNanos() / 1e6;
    }
}
