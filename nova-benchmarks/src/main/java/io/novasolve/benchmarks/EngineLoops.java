package io.novasolve.benchmarks;

import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.engine.index.KdTree;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The engine's inner loops: looking up codes and stars in the trees, and searches of a fixed depth that find nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class EngineLoops {

    private static final double TOLERANCE = 0.005;
    private static final int QUERIES = 1024;

    /** The scale of the Tycho-2 index that the trees are of: four-star codes up to 10, three-star ones from 11 on. */
    @Param({"07", "10", "13"})
    public String scale = "07";

    private final KdTree.Hits hits = new KdTree.Hits();
    private Index index;
    private double[][] codes;
    private double[][] places;
    private StarList hopeless;
    private int next;

    @Setup
    public void open() throws IOException {
        index = EngineData.indexes().indexes().stream()
                .filter(i -> i.name().contains("-" + scale))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no index of scale " + scale));
        Random random = new Random(1);
        codes = new double[QUERIES][index.codes().dimensions()];
        places = new double[QUERIES][];
        for (int i = 0; i < QUERIES; i++) {
            int position = random.nextInt(index.codes().size());
            for (int d = 0; d < codes[i].length; d++) {
                codes[i][d] = index.codes().coordinate(position, d) + 0.002 * random.nextGaussian();
            }
            places[i] = SkyPosition.ofVector(random.nextGaussian(), random.nextGaussian(), random.nextGaussian())
                    .unitVector();
        }
        hopeless = StarList.of(
                1600,
                1200,
                random.doubles(40, 1, 1600).toArray(),
                random.doubles(40, 1, 1200).toArray());
    }

    /** One code near one of the index. */
    @Benchmark
    public int codeLookup() {
        index.codes().search(codes[next++ % QUERIES], TOLERANCE, hits);
        return hits.count();
    }

    /** The index stars within 1° of a place. */
    @Benchmark
    public int starLookup() {
        index.stars().search(places[next++ % QUERIES], Math.toRadians(1), hits);
        return hits.count();
    }

    /** All quads of the first 15 stars, blind, in this index alone: codes, filters, early tests. */
    @Benchmark
    public SolveResult searchToDepth15() throws IOException {
        return PlateSolver.of(IndexLibrary.of(List.of(index)))
                .solve(SolveRequest.blind(hopeless).withDepth(15), SearchControl.unlimited());
    }
}
