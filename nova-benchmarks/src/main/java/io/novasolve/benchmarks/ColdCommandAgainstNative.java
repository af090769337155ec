package io.novasolve.benchmarks;

import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The command {@code nova solve PICTURE}, a JVM for each picture, against {@code solve-field --no-plots} with the options that
 * are known to work for it: the whole run with its start, in turn, medians.
 *
 * <p>{@code ColdCommandAgainstNative [RUNS [NAME…]]}
 */
public final class ColdCommandAgainstNative {

    private ColdCommandAgainstNative() {}

    private record Run(double wallMs, double cpuMs) {}

    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        List<String> names = List.of(args).subList(Math.min(1, args.length), args.length);
        Path nova = Path.of(System.getProperty("nova.root"), "examples", "cli", "nova");
        Path scratch = Files.createTempDirectory("nova-benchmark-");
        NativeTools.run(scratch, List.of(nova.toString(), "--version"));
        List<Double> wall = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        System.out.println("picture\tnova_ms\tsolve_field_ms\tratio\tnova_cpu\tsolve_field_cpu\tcpu_ratio");
        for (TestPicture picture : TestPictures.solvable()) {
            if (!names.isEmpty() && names.stream().noneMatch(picture.file()::startsWith)) {
                continue;
            }
            List<Run> ours = new ArrayList<>();
            List<Run> theirs = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                ours.add(run(
                        scratch,
                        List.of(
                                nova.toString(),
                                "solve",
                                "--index",
                                EngineData.indexFolder().toString(),
                                picture.path().toString())));
                theirs.add(run(
                        scratch,
                        PicturesAgainstNative.solveFieldCommand(picture, scratch.resolve("solve-field-" + i))));
            }
            Run our = median(ours);
            Run their = median(theirs);
            wall.add(our.wallMs / their.wallMs);
            cpu.add(our.cpuMs / their.cpuMs);
            System.out.printf(
                    Locale.ROOT,
                    "%s\t%.0f\t%.0f\t%.2f\t%.0f\t%.0f\t%.2f%n",
                    picture.file(),
                    our.wallMs,
                    their.wallMs,
                    our.wallMs / their.wallMs,
                    our.cpuMs,
                    their.cpuMs,
                    our.cpuMs / their.cpuMs);
        }
        System.out.printf(
                Locale.ROOT,
                "median of %d pictures: wall %.2f, processor %.2f of solve-field%n",
                wall.size(),
                Medians.median(wall),
                Medians.median(cpu));
    }

    private static Run run(Path folder, List<String> command) throws IOException, InterruptedException {
        double cpu = CpuTime.ms();
        double wall = NativeTools.run(folder, command);
        return new Run(wall, CpuTime.ms() - cpu);
    }

    private static Run median(List<Run> runs) {
        return new Run(
                Medians.median(runs.stream().map(Run::wallMs).toList()),
                Medians.median(runs.stream().map(Run::cpuMs).toList()));
    }
}
