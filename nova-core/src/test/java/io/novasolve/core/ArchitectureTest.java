package io.novasolve.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arrows of the house, as far as they start here. */
@Tag("once")
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.novasolve");

    @Test
    void coreDependsOnSkyAloneOfOurModules() {
        noClasses()
                .that()
                .resideInAPackage("io.novasolve.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.novasolve.engine..",
                        "io.novasolve.transport..",
                        "io.novasolve.store..",
                        "io.novasolve.products..",
                        "io.novasolve.testkit..")
                .check(OURS);
    }

    @Test
    void coreKnowsNoDriverNoSshNoWebAndStartsNothingByItself() {
        noClasses()
                .that()
                .resideInAPackage("io.novasolve.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.jdbi..",
                        "com.zaxxer..",
                        "net.schmizz..",
                        "org.apache.sshd..",
                        "java.net.http..",
                        "com.sun.net.httpserver..",
                        "jakarta..",
                        "org.springframework..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(java.util.ServiceLoader.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ProcessBuilder.class.getName())
                .check(OURS);
    }

    @Test
    void skyDependsOnNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.novasolve.sky..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.novasolve.core..", "io.novasolve.engine..", "io.novasolve.transport..")
                .check(OURS);
    }

    @Test
    void nounsAndContractsDoNotKnowWhoUsesThem() {
        noClasses()
                .that()
                .resideInAnyPackage("io.novasolve.core.model..", "io.novasolve.core.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.novasolve.core.pipeline..", "io.novasolve.core.memory..", "io.novasolve.core.disk..")
                .check(OURS);
    }

    @Test
    void onlyTheDoorUsesThePipeline() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.novasolve.core", "io.novasolve.core.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.novasolve.core.pipeline..")
                .check(OURS);
    }
}
