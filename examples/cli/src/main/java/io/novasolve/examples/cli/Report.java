package io.novasolve.examples.cli;

/** Where answers go, one at a time, in order. */
interface Report {

    void add(Answer answer);
}
