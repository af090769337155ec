package io.novasolve.testkit;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;
import static org.junit.platform.commons.support.AnnotationSupport.findRepeatableAnnotations;

import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests whose surroundings are missing, and says so in one line each, which a build can look for. */
final class RequirementsCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = missing(context);
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("everything it needs is here");
        }
        System.out.println("SKIPPED " + nameOf(context) + ": " + missing.get());
        return ConditionEvaluationResult.disabled(missing.get());
    }

    private static Optional<String> missing(ExtensionContext context) {
        return findRepeatableAnnotations(context.getElement(), RequiresProgram.class).stream()
                .flatMap(program -> missingProgram(program.value()).stream())
                .findFirst()
                .or(() -> findAnnotation(context.getElement(), RequiresIndexes.class)
                        .flatMap(any -> missingIndexes()))
                .or(() -> findAnnotation(context.getElement(), RequiresPictures.class)
                        .flatMap(any -> missingPictures()));
    }

    private static Optional<String> missingProgram(String program) {
        return Surroundings.program(program).isPresent()
                ? Optional.empty()
                : Optional.of("there is no program " + program + " on the PATH; install " + packageOf(program));
    }

    private static String packageOf(String program) {
        return switch (program) {
            case "astrometry-engine", "solve-field", "image2xy", "wcsinfo" -> "the Debian package astrometry.net";
            case "mariadbd" -> "the Debian package mariadb-server";
            case "pg_dump", "pg_restore" -> "the Debian package postgresql-client";
            case "sshd" -> "the Debian package openssh-server";
            case "ssh", "ssh-keygen" -> "the Debian package openssh-client";
            case "python3" -> "the Debian packages python3 and python3-astropy";
            default -> "it";
        };
    }

    private static Optional<String> missingIndexes() {
        return Surroundings.hasIndexes()
                ? Optional.empty()
                : Optional.of("there are no files index-tycho2-07…19 in " + Surroundings.indexFolder()
                        + "; install the Debian packages astrometry-data-tycho2-07 … -19");
    }

    private static Optional<String> missingPictures() {
        return Files.isRegularFile(Surroundings.pictureFolder().resolve("truth.tsv"))
                ? Optional.empty()
                : Optional.of("there is no truth.tsv in " + Surroundings.pictureFolder()
                        + "; put the pictures there, or say where they are with -Dnova.pictures=FOLDER");
    }

    private static String nameOf(ExtensionContext context) {
        String type = context.getTestClass().map(Class::getSimpleName).orElse("?");
        return context.getTestMethod()
                .map(method -> type + "." + method.getName())
                .orElse(type);
    }
}
