package io.novasolve.products;

/** What an object of the sky is. */
public enum ObjectKind {
    STAR,
    GALAXY,
    GALAXY_CLUSTER,
    OPEN_CLUSTER,
    GLOBULAR_CLUSTER,
    NEBULA,
    DARK_NEBULA,
    PLANETARY_NEBULA,
    SUPERNOVA_REMNANT,
    /** Nobody says. */
    OTHER
}
