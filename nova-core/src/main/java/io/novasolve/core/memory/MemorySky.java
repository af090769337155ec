package io.novasolve.core.memory;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.SkyCells;
import io.novasolve.sky.wcs.Wcs;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Ids of jobs by where their pictures are; guarded by the store. */
final class MemorySky {

    private final Map<Long, NavigableSet<Integer>> byCell = new HashMap<>();
    private final NavigableMap<Long, NavigableSet<Integer>> byPlace = new TreeMap<>();

    void add(int job, Wcs wcs) {
        for (long cell : SkyCells.of(wcs)) {
            byCell.computeIfAbsent(cell, c -> new TreeSet<>()).add(job);
        }
        byPlace.computeIfAbsent(SkyCells.place(wcs.centre()), p -> new TreeSet<>())
                .add(job);
    }

    void remove(int job, Wcs wcs) {
        for (long cell : SkyCells.of(wcs)) {
            remove(byCell, cell, job);
        }
        remove(byPlace, SkyCells.place(wcs.centre()), job);
    }

    private static void remove(Map<Long, NavigableSet<Integer>> from, long key, int job) {
        from.computeIfPresent(key, (k, jobs) -> {
            jobs.remove(job);
            return jobs.isEmpty() ? null : jobs;
        });
    }

    /** Those that may show a position, the newest first. */
    Stream<Integer> showing(SkyPosition position) {
        return LongStream.of(SkyCells.around(position))
                .mapToObj(cell -> byCell.getOrDefault(cell, new TreeSet<>()))
                .flatMap(NavigableSet::stream)
                .sorted(Comparator.reverseOrder());
    }

    /** Those whose middle may be near a position. */
    Stream<Integer> near(SkyPosition position, double radiusDeg) {
        return SkyCells.near(position, radiusDeg).stream()
                .flatMap(range -> byPlace.subMap(range.first(), true, range.last(), true).values().stream())
                .flatMap(NavigableSet::stream);
    }
}
