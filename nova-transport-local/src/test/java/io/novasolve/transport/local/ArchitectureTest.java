package io.novasolve.transport.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows of the house: transports → engine and core → sky, and never back. */
@Tag("once")
class ArchitectureTest {

    private static final String[] OUTER = {
        "io.novasolve.transport..", "io.novasolve.store..", "io.novasolve.products..", "io.novasolve.testkit.."
    };

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.novasolve");

    @Test
    void skyKnowsNothingElseOfOurs() {
        neverFrom("io.novasolve.sky..", "io.novasolve.core..", "io.novasolve.engine..", "io.novasolve.index..");
        neverFrom("io.novasolve.sky..", OUTER);
    }

    @Test
    void theEngineKnowsOnlySky() {
        neverFrom("io.novasolve.engine..", "io.novasolve.core..", "io.novasolve.index..");
        neverFrom("io.novasolve.engine..", OUTER);
    }

    @Test
    void coreKnowsNoEngineTransportStoreOrProduct() {
        neverFrom("io.novasolve.core..", "io.novasolve.engine..", "io.novasolve.index..", "java.sql..");
        neverFrom("io.novasolve.core..", OUTER);
    }

    @Test
    void nobodyEndsTheHostsProcess() {
        noClasses().should().callMethod(System.class, "exit", int.class).check(OURS);
    }

    private static void neverFrom(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(OURS);
    }
}
