package io.novasolve.examples.server;

import io.novasolve.products.CatalogueFile;
import io.novasolve.products.FieldObject;
import io.novasolve.products.ObjectKind;
import io.novasolve.products.ObjectsInField;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.products.SkyObject;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is on a picture, as the catalogues have it.
 *
 * @param sky the catalogues
 */
public record FieldCatalogue(SkyCatalogue sky) {

    /** Catalogues are told of in fields of a smaller radius than these; bright stars in all. */
    private static final double NGC_AND_IC_DEG = 10;

    private static final double ABELL_AND_HD_DEG = 1;
    private static final double HIP_DEG = 0.25;

    /**
     * The bundled catalogue with the objects of some files.
     *
     * @throws UnreadableInputException if one cannot be read
     */
    static FieldCatalogue of(List<Path> files) throws UnreadableInputException {
        SkyCatalogue sky = SkyCatalogue.bundled();
        for (Path file : files) {
            sky = sky.with(CatalogueFile.read(file));
        }
        return new FieldCatalogue(sky);
    }

    /** Names of objects in the field, as they become tags. */
    public List<String> tags(Wcs wcs) {
        return ObjectsInField.of(sky, wcs).tags();
    }

    public ObjectsInField objects(Wcs wcs) {
        return ObjectsInField.of(sky, wcs);
    }

    /**
     * The objects as the API tells them: a list of each catalogue that a field of this size is told of, points before things
     * with a size. What is in several catalogues comes once for each; what is in none of them does not come.
     *
     * @param bright so many bright stars at most, the brightest first; null for all
     */
    public List<Map<String, Object>> annotations(Wcs wcs, @Nullable Integer bright) {
        ObjectsInField objects = objects(wcs);
        double radius = Footprint.of(wcs).radiusDeg();
        List<FieldObject> stars = objects.stars();
        List<Map<String, Object>> annotations = new ArrayList<>();
        stars.stream()
                .filter(star -> star.object().isNamedStar())
                .limit(bright == null ? Long.MAX_VALUE : Math.max(0, bright))
                .forEach(star -> {
                    Map<String, Object> annotation = annotation("bright", bright(star.object()), star);
                    if (Double.isFinite(star.object().magnitude())) {
                        annotation.put("vmag", star.object().magnitude());
                    }
                    annotations.add(annotation);
                });
        if (radius < ABELL_AND_HD_DEG) {
            stars.stream()
                    .filter(star -> star.object().isIn("HD"))
                    .forEach(star -> annotations.add(annotation("hd", numbers(star.object(), "HD"), star)));
        }
        if (radius < HIP_DEG) {
            stars.stream()
                    .filter(star -> star.object().isIn("HIP"))
                    .forEach(star -> annotations.add(annotation("HIP", List.of(""), star)));
        }
        // Stable: among those with a size, the largest stays the first.
        List<FieldObject> deepSky = new ArrayList<>(objects.deepSky());
        deepSky.sort(Comparator.comparing(o -> o.diameterPx() > 0));
        for (FieldObject o : deepSky) {
            if (radius < NGC_AND_IC_DEG && o.object().isIn("NGC")) {
                annotations.add(annotation("ngc", o.object().names(), o));
            } else if (radius < NGC_AND_IC_DEG && o.object().isIn("IC")) {
                annotations.add(annotation("ic", o.object().names(), o));
            }
            if (radius < ABELL_AND_HD_DEG && o.object().isIn("Abell")) {
                annotations.add(annotation("abell", numbers(o.object(), "Abell"), o));
            }
        }
        return annotations;
    }

    private static Map<String, Object> annotation(String type, List<String> names, FieldObject o) {
        Map<String, Object> annotation = new LinkedHashMap<>();
        annotation.put("type", type);
        annotation.put("names", names);
        annotation.put("pixelx", o.pixel().x());
        annotation.put("pixely", o.pixel().y());
        annotation.put("radius", o.diameterPx() / 2);
        return annotation;
    }

    /** Common names, and the designation unless that is but a number. */
    private static List<String> bright(SkyObject star) {
        List<String> names = new ArrayList<>(star.commonNames());
        star.designations().stream().filter(name -> !SkyObject.isNumber(name)).forEach(names::add);
        return names;
    }

    private static List<String> numbers(SkyObject object, String catalogue) {
        return object.designations().stream()
                .filter(name -> name.startsWith(catalogue + " "))
                .toList();
    }

    /** Where an object is on the map: for people, so the common name first. */
    public static String label(FieldObject object) {
        return object.object().kind() == ObjectKind.STAR
                        || object.object().commonNames().isEmpty()
                ? object.object().name()
                : object.object().name() + " · " + object.object().commonNames().get(0);
    }
}
