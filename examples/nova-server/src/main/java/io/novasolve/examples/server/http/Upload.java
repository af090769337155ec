package io.novasolve.examples.server.http;

import java.nio.file.Path;

/**
 * A file that came with a form, on disk.
 *
 * @param name as the client calls it, without folders
 * @param file where it is until the request ends
 * @param size in bytes
 */
public record Upload(String name, Path file, long size) {}
