package io.novasolve.core.spi;

/**
 * Whether a transport, or one of the machines behind it, can take a job now.
 *
 * @param name of it
 * @param usable whether a job would be tried there
 * @param detail a sentence for people
 */
public record TransportHealth(String name, boolean usable, String detail) {}
