package io.novasolve.examples.server;

import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.products.FieldObject;
import io.novasolve.products.ObjectKind;
import io.novasolve.products.ObjectsInField;
import io.novasolve.products.SkyCatalogue;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.util.ArrayList;
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

    /** In the order of the API. */
    private static final List<String> KEYS = List.of("type", "names", "pixelx", "pixely", "radius");

    private static final String BRIGHT = "bright";

    /** Names of objects in the field, as they become tags. */
    public List<String> tags(Wcs wcs) {
        return ObjectsInField.of(sky, wcs).tags();
    }

    public ObjectsInField objects(Wcs wcs) {
        return ObjectsInField.of(sky, wcs);
    }

    /**
     * The objects as the API tells them.
     *
     * @param bright so many bright stars at most, the brightest first; null for all
     */
    public List<Map<String, Object>> annotations(Wcs wcs, @Nullable Integer bright) {
        List<Map<String, Object>> annotations = new ArrayList<>();
        int stars = 0;
        for (Map<?, ?> object : parsed(ObjectsInField.of(sky, wcs).toJson())) {
            boolean isBright = BRIGHT.equals(object.get("type"));
            if (isBright && bright != null && stars++ >= bright) {
                continue;
            }
            Map<String, Object> annotation = new LinkedHashMap<>();
            for (String key : KEYS) {
                put(annotation, key, object.get(key));
            }
            if (isBright) {
                put(annotation, "vmag", object.get("vmag"));
            }
            annotations.add(annotation);
        }
        return annotations;
    }

    private static void put(Map<String, Object> annotation, String key, @Nullable Object value) {
        if (value instanceof Number number) {
            annotation.put(key, number.doubleValue());
        } else if (value != null) {
            annotation.put(key, value);
        }
    }

    private static List<Map<?, ?>> parsed(String json) {
        List<Map<?, ?>> objects = new ArrayList<>();
        try {
            if (JsonTree.read(json) instanceof List<?> list) {
                list.forEach(o -> objects.add((Map<?, ?>) java.util.Objects.requireNonNull(o)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the catalogue's own JSON cannot be read", e);
        }
        return objects;
    }

    /** Where an object is on the map: for people, so the common name first. */
    public static String label(FieldObject object) {
        return object.object().kind() == ObjectKind.STAR
                        || object.object().commonNames().isEmpty()
                ? object.object().name()
                : object.object().name() + " · " + object.object().commonNames().get(0);
    }
}
