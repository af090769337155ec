package io.novasolve.transport.ssh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows of the house: this transport → core → sky, and nothing else of ours. */
@Tag("once")
class ArchitectureTest {

    @Test
    void knowsOnlyCoreAndSky() {
        noClasses()
                .that()
                .resideInAPackage("io.novasolve.transport.ssh..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.novasolve.transport.local..",
                        "io.novasolve.engine..",
                        "io.novasolve.index..",
                        "io.novasolve.products..",
                        "io.novasolve.store..",
                        "io.novasolve.testkit..",
                        "io.novasolve.core.pipeline..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.novasolve.transport.ssh"));
    }
}
