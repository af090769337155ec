package io.novasolve.core.spi;

/** Which of a submitter's waiting work is done first. Turns between submitters do not depend on it. */
public enum WorkOrder {
    OLDEST_FIRST,
    NEWEST_FIRST
}
