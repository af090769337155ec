package io.novasolve.core;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/** Lines of a log with the context that they were said in. */
final class Lines extends ListAppender<ILoggingEvent> {

    /** What a class says from now on, kept from the console. */
    static Lines of(Class<?> what) {
        Logger logger = (Logger) LoggerFactory.getLogger(what);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        Lines log = new Lines();
        log.start();
        logger.addAppender(log);
        return log;
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        super.append(event);
    }
}
