package dev.ctxmem.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a request comes from: the other end of the socket, or, where that is a trusted proxy, the last address
/// in `X-Forwarded-For` that is not one.
final class ClientAddress {
    private static final HeaderName FORWARDED_FOR = HeaderNames.X_FORWARDED_FOR;
    private static final List<HeaderName> FORWARDING =
            List.of(FORWARDED_FOR, HeaderNames.FORWARDED, HeaderNames.create("X-Real-Ip"), HeaderNames.create("Via"));

    /// IPv6 hosts choose their own low half, so a caller is its /64.
    private static final int IPV6_NETWORK_BYTES = 8;

    private final List<Cidr> proxies;

    ClientAddress(List<Cidr> proxies) {
        this.proxies = proxies;
    }

    InetAddress of(InetAddress peer, Headers headers) {
        InetAddress address = peer;
        if (!isProxy(address) || !headers.contains(FORWARDED_FOR)) {
            return address;
        }
        List<String> hops = headers.values(FORWARDED_FOR);
        for (String hop : hops.reversed()) {
            InetAddress parsed = literal(hop.trim());
            if (parsed == null) {
                return address;
            }
            address = parsed;
            if (!isProxy(address)) {
                return address;
            }
        }
        return address;
    }

    boolean isProxy(InetAddress address) {
        return proxies.stream().anyMatch(range -> range.contains(address));
    }

    /// Whether the caller is on this machine, and nobody says that the request came from elsewhere.
    static boolean isLocal(InetAddress peer, Headers headers) {
        return peer.isLoopbackAddress() && FORWARDING.stream().noneMatch(headers::contains);
    }

    static InetAddress addressOf(SocketAddress peer) {
        return peer instanceof InetSocketAddress socket ? socket.getAddress() : InetAddress.getLoopbackAddress();
    }

    /// What limits per caller count by: an IPv4 address, or the /64 of an IPv6 one.
    static String network(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        var text = new StringBuilder();
        for (int i = 0; i < IPV6_NETWORK_BYTES; i += 2) {
            text.append(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
