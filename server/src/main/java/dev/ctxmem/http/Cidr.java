package dev.ctxmem.http;

import java.math.BigInteger;
import java.net.InetAddress;

/// A range of IP addresses, `10.0.0.0/8` or `fd00::/8`; a single address where no length is given.
record Cidr(InetAddress network, int prefixLength) {
    public Cidr {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("The prefix length must be between 0 and " + bits + ".");
        }
    }

    /// Takes address literals only: nothing is looked up. Throws [IllegalArgumentException].
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int length = slash < 0 ? network.getAddress().length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
        return new Cidr(network, length);
    }

    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int rest = ours.length * Byte.SIZE - prefixLength;
        return new BigInteger(1, ours).shiftRight(rest).equals(new BigInteger(1, theirs).shiftRight(rest));
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixLength;
    }
}
