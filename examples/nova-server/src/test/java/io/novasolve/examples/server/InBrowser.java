package io.novasolve.examples.server;

import io.novasolve.testkit.RequiresProgram;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the pages in a real browser, which they have as a parameter. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresProgram("chromium")
@RequiresProgram("chromedriver")
@Tag("once")
@ExtendWith(Browser.Shared.class)
@interface InBrowser {}
