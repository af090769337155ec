package io.novasolve.sky.wcs;

import io.novasolve.sky.PixelPosition;

/**
 * SIP distortion, forward and back: (U, V) = (u + A(u, v), v + B(u, v)) and (u, v) ≈ (U + AP(U, V), V + BP(U, V)), where
 * u, v are pixels from CRPIX and U, V are what the CD matrix is applied to.
 */
public record Sip(SipPolynomial a, SipPolynomial b, SipPolynomial ap, SipPolynomial bp) {

    /**
     * A distortion known in the forward direction alone; the way back is fitted over the picture, two orders higher.
     *
     * @param crpix reference pixel
     * @param width picture width in pixels
     * @param height picture height in pixels
     */
    public static Sip forward(SipPolynomial a, SipPolynomial b, PixelPosition crpix, double width, double height) {
        return SipInverse.of(a, b, crpix, width, height);
    }
}
