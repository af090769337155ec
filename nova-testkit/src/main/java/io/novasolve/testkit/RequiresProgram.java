package io.novasolve.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs a test only where a program is on the PATH; elsewhere it prints why, and what to install. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Repeatable(RequiresProgram.All.class)
@ExtendWith(RequirementsCondition.class)
public @interface RequiresProgram {
    /** Name of the program, such as {@code astrometry-engine}. */
    String value();

    /** Several programs, all of which must be there. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @ExtendWith(RequirementsCondition.class)
    @interface All {
        RequiresProgram[] value();
    }
}
