package io.novasolve.store.jdbc;

import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
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

    static Sip read(String text) {
        String[] lines = text.split("\n", -1);
        return new Sip(polynomial(lines[0]), polynomial(lines[1]), polynomial(lines[2]), polynomial(lines[3]));
    }

    private static SipPolynomial polynomial(String line) {
        String[] parts = line.split(" ", -1);
        int order = Integer.parseInt(parts[0]);
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
