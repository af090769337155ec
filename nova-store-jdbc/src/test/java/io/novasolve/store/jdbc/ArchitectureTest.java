package io.novasolve.store.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store knows core and sky, and nobody of ours knows SQL but the store. */
@Tag("once")
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.novasolve");

    @Test
    void theStoreKnowsCoreAndSkyOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.novasolve.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.novasolve.transport..",
                        "io.novasolve.engine..",
                        "io.novasolve.index..",
                        "io.novasolve.products..",
                        "io.novasolve.testkit..",
                        "io.novasolve.core.memory..")
                .check(OURS);
    }

    @Test
    void nobodyElseKnowsSql() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.novasolve.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..")
                .check(OURS);
    }
}
