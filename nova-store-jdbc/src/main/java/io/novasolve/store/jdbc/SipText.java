package io.novasolve.store.jdbc;

import io.novasolve.core.spi.StoreException;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import java.util.Objects;
import java.util.StringJoiner;

/** SIP polynomials as text: A, B, AP, BP on a line each, the order and then the coefficients row by row, to the last bit. */
final class SipText {

    private SipText() {}

    static String write(Sip sip) {
        return String.join("\n", write(sip.a()), write(sip.b()), write(sip.ap()), write(sip.bp()));
    }

    private static String write(SipPolynomial polynomial) {
        StringJoiner text = new StringJoiner(" ");
        int order = polynomial.order();
        text.add(Integer.toString(order));
        for (int p = 0; p <= order; p++) {
            for (int q = 0; q <= order - p; q++) {
                text.add(Double.toString(polynomial.coefficient(p, q)));
            }
        }
        return text.toString();
    }

    /** @throws StoreException if it was not written here */
    static Sip read(String text) {
        try {
            String[] lines = text.split("\n", -1);
            return new Sip(polynomial(lines[0]), polynomial(lines[1]), polynomial(lines[2]), polynomial(lines[3]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StoreException("the database has a SIP distortion that Nova did not write: '" + text + "'", e);
        }
    }

    private static SipPolynomial polynomial(String line) {
        String[] parts = line.split(" ", -1);
        int order = Integer.parseInt(parts[0]);
        Objects.checkIndex(order, SipPolynomial.MAX_ORDER + 1);
        double[][] coefficients = new double[order + 1][];
        int at = 1;
        for (int p = 0; p <= order; p++) {
            coefficients[p] = new double[order - p + 1];
            for (int q = 0; q <= order - p; q++) {
                coefficients[p][q] = Double.parseDouble(parts[at++]);
            }
        }
        return SipPolynomial.of(order, coefficients);
    }
}
