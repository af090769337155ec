package io.novasolve.products;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Objects that somebody adds to a catalogue, on their way in: what is one and the same becomes one. */
final class AddedObjects {

    /** Of the same name and no farther apart, two are the same; positions of old lists are rough. */
    private static final double SAME_DEG = 1;

    private final List<SkyObject> objects = new ArrayList<>();
    private final Map<String, Integer> byName = new HashMap<>();
    private final Set<Integer> known = new HashSet<>();

    AddedObjects(List<SkyObject> before, List<SkyObject> more) {
        before.forEach(this::add);
        more.forEach(this::add);
    }

    private void add(SkyObject object) {
        int same = find(object);
        if (same < 0) {
            same = objects.size();
            objects.add(object);
        } else {
            objects.set(same, completed(objects.get(same), object));
        }
        for (String name : object.names()) {
            byName.putIfAbsent(SkyObject.squeezed(name), same);
        }
    }

    /** The place of an object that is the same; -1 if there is none. */
    private int find(SkyObject object) {
        for (String name : object.names()) {
            Integer at = byName.get(SkyObject.squeezed(name));
            if (at != null && objects.get(at).position().separationDeg(object.position()) <= SAME_DEG) {
                return at;
            }
        }
        return -1;
    }

    /**
     * What becomes of an object that the catalogue had before: null if nothing.
     *
     * @param had by the catalogue, whose word counts for more
     */
    @Nullable
    SkyObject completed(SkyObject had) {
        int same = find(had);
        if (same < 0) {
            return null;
        }
        known.add(same);
        return completed(had, objects.get(same));
    }

    private static SkyObject completed(SkyObject had, SkyObject added) {
        return new SkyObject(
                had.kind(),
                union(had.designations(), added.designations(), had.commonNames()),
                union(had.commonNames(), added.commonNames(), had.designations()),
                had.position(),
                Double.isNaN(had.magnitude()) ? added.magnitude() : had.magnitude(),
                had.majorArcmin() > 0 ? had.majorArcmin() : added.majorArcmin(),
                had.majorArcmin() > 0 ? had.minorArcmin() : added.minorArcmin());
    }

    private static List<String> union(List<String> had, List<String> added, List<String> elsewhere) {
        Set<String> known = new HashSet<>();
        had.forEach(name -> known.add(SkyObject.squeezed(name)));
        elsewhere.forEach(name -> known.add(SkyObject.squeezed(name)));
        Set<String> all = new LinkedHashSet<>(had);
        added.stream().filter(name -> known.add(SkyObject.squeezed(name))).forEach(all::add);
        return List.copyOf(all);
    }

    /** Those that the catalogue did not have, by rising Dec. */
    SkyObject[] unknown() {
        List<SkyObject> unknown = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            if (!known.contains(i)) {
                unknown.add(objects.get(i));
            }
        }
        unknown.sort(Comparator.comparingDouble(o -> o.position().decDeg()));
        return unknown.toArray(new SkyObject[0]);
    }
}
