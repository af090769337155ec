package io.novasolve.examples.server.page;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;

/** The pages' templates. What is put in is escaped, unless a template says that it is HTML already. */
public final class Templates {

    private final PebbleEngine engine;

    public Templates() {
        ClasspathLoader loader = new ClasspathLoader(Templates.class.getClassLoader());
        loader.setPrefix("io/novasolve/examples/server/page");
        loader.setSuffix(".peb");
        engine = new PebbleEngine.Builder()
                .loader(loader)
                .autoEscaping(true)
                .defaultLocale(Locale.ROOT)
                .build();
    }

    public String page(String name, Map<String, Object> values) throws IOException {
        StringWriter text = new StringWriter();
        engine.getTemplate(name).evaluate(text, values, Locale.ROOT);
        return text.toString();
    }
}
