package io.novasolve.examples.cli;

import io.novasolve.products.Product;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Words for what is to be made of a solved file, besides what is always written. */
final class ProductOptions {

    /** Everything that is not written anyway. */
    static final Set<Product> ALL =
            EnumSet.complementOf(EnumSet.of(Product.WCS, Product.AXY, Product.CORR, Product.RDLS, Product.DRAWING));

    /** Made in a blink beside the search. */
    private static final Set<Product> QUICK = EnumSet.of(Product.OBJECTS, Product.TAGS, Product.MOC);

    private ProductOptions() {}

    /**
     * The products that a list of words means.
     *
     * @param words separated by commas, or {@code all}, {@code none}; null for those that cost next to nothing
     * @throws IllegalArgumentException if there is no such word
     */
    static Set<Product> of(@Nullable String words) {
        if (words == null) {
            return QUICK;
        }
        Set<Product> products = new LinkedHashSet<>();
        for (String word : words.split(",", -1)) {
            switch (word.trim()) {
                case "all" -> products.addAll(ALL);
                case "none" -> products.removeAll(ALL);
                default -> products.add(product(word.trim()));
            }
        }
        if (products.contains(Product.KML)) {
            products.add(Product.OVERLAY);
        }
        return products;
    }

    private static Product product(String word) {
        return ALL.stream()
                .filter(product -> product.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("--products does not know '" + word + "': it takes all, none, or "
                                + ALL.stream().map(Product::word).collect(Collectors.joining(", "))));
    }
}
