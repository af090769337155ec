package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.FetchException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Every line that is logged for a submission or a job carries its ids. */
@Timeout(60)
class LogContextTest extends WatchedNova {

    /** What is said below a logger while something goes on. */
    private static List<ILoggingEvent> said(String below, Callable<?> what) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(below);
        ListAppender<ILoggingEvent> log = new Lines();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        try {
            what.call();
            return List.copyOf(log.list);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }

    @Test
    void everyLineOfAJobCarriesItsIds() throws Exception {
        org.slf4j.Logger transport = LoggerFactory.getLogger("io.novasolve.core.pipeline.of.a.transport");
        List<ILoggingEvent> lines = said("io.novasolve.core.pipeline", () -> {
            start(ScriptedTransport.STUMBLES, (task, context) -> {
                transport.info("said by the transport");
                return ScriptedTransport.solved(task);
            });
            SubmissionResult result = result(submit(1));
            nova.close();
            return result;
        });
        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(m -> m.contains("will try again"))
                .anyMatch(m -> m.contains("said by the transport"))
                .anyMatch(m -> m.contains("solved: RA"));
        assertThat(lines).allMatch(e -> e.getMDCPropertyMap().equals(Map.of("submission", "1", "job", "1")));
    }

    @Test
    void everyLineOfFetchingAndUnpackingCarriesTheIdOfTheSubmission() throws Exception {
        org.slf4j.Logger link = LoggerFactory.getLogger("io.novasolve.core.pipeline.of.a.fetcher");
        AtomicInteger fetches = new AtomicInteger();
        List<ILoggingEvent> lines = said("io.novasolve.core.pipeline", () -> {
            nova = builder()
                    .jobWorkers(0)
                    .linkFetcher(fetcher(file -> {
                        link.info("said by the fetcher");
                        if (fetches.incrementAndGet() == 1) {
                            throw new FetchException("the line went dead", true, null);
                        }
                        Files.write(file, new byte[] {0x50, 0x4b, 3, 4, 0});
                    }))
                    .start();
            SubmissionResult result =
                    result(nova.submit(SubmissionRequest.of(URI.create("https://example.org/a.zip"))));
            assertThat(result.submission().state()).isEqualTo(SubmissionState.FAILED);
            nova.close();
            return result;
        });
        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(m -> m.contains("Attempt 1 to unpack"))
                .filteredOn(m -> m.contains("said by the fetcher"))
                .hasSize(2);
        assertThat(lines).allMatch(e -> e.getMDCPropertyMap().equals(Map.of("submission", "1")));
    }
}
