package io.novasolve.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * Resolves host names to addresses on the public internet only. The client connects to the very addresses that were looked
 * at here: a name that resolves differently the next moment changes nothing.
 *
 * <p>What is not public is taken from the IANA special-purpose address registries (RFC 6890 and its successors).
 */
final class PublicAddresses implements DnsResolver {

    /** Address and length of prefixes, IPv4 first. */
    private static final String[][] NOT_PUBLIC = {
        {"0.0.0.0", "8"},
        {"10.0.0.0", "8"},
        {"100.64.0.0", "10"},
        {"127.0.0.0", "8"},
        {"169.254.0.0", "16"},
        {"172.16.0.0", "12"},
        {"192.0.0.0", "24"},
        {"192.0.2.0", "24"},
        {"192.88.99.0", "24"},
        {"192.168.0.0", "16"},
        {"198.18.0.0", "15"},
        {"198.51.100.0", "24"},
        {"203.0.113.0", "24"},
        {"224.0.0.0", "3"},
    };

    /** The part of IPv6 that is given out at all, and what in it is not public. */
    private static final String[] GLOBAL = {"2000::", "3"};

    private static final String[][] NOT_PUBLIC_6 = {
        {"2001::", "23"},
        {"2001:db8::", "32"},
        {"2002::", "16"},
        {"3fff::", "20"},
    };

    /** Refused for what it is, not for want of an answer. */
    static final class RefusedAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        RefusedAddressException(String message) {
            super(message);
        }
    }

    /** Each one that is silent costs as long as a server may be silent. */
    private static final int MOST_TRIED = 4;

    private final DnsResolver resolver;
    private final boolean others;

    /**
     * @param resolver gives all addresses of a name
     * @param others whether all other addresses are let through, too
     */
    PublicAddresses(DnsResolver resolver, boolean others) {
        this.resolver = resolver;
        this.others = others;
    }

    /** The first few, if all may be contacted. */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] all = resolver.resolve(host);
        for (InetAddress address : all) {
            if (!others && !isPublic(address)) {
                throw new RefusedAddressException(host + " has the address " + address.getHostAddress()
                        + ", which is not on the public internet");
            }
        }
        return all.length > MOST_TRIED ? Arrays.copyOf(all, MOST_TRIED) : all;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return resolver.resolveCanonicalHostname(host);
    }

    /** What is wrong with a host that is written as an address, as far as can be told without a lookup; null if nothing. */
    static @Nullable String problemOfLiteral(String host) {
        boolean bracketed = host.startsWith("[");
        if (!bracketed && !InetAddressUtils.isIPv4(host)) {
            return null;
        }
        String address = bracketed ? host.substring(1, host.length() - 1) : host;
        return isPublic(literal(address)) ? null : address + " is not an address on the public internet";
    }

    /** Whether an address may be anywhere on the internet; an IPv4 address mapped into IPv6 counts as itself. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return !isIn(bytes, NOT_PUBLIC);
        }
        return isIn(bytes, new String[][] {GLOBAL}) && !isIn(bytes, NOT_PUBLIC_6);
    }

    private static boolean isIn(byte[] address, String[][] prefixes) {
        for (String[] prefix : prefixes) {
            if (hasPrefix(address, literal(prefix[0]).getAddress(), Integer.parseInt(prefix[1]))) {
                return true;
            }
        }
        return false;
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " is a literal and needs no lookup", e);
        }
    }

    private static boolean hasPrefix(byte[] address, byte[] prefix, int bits) {
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
