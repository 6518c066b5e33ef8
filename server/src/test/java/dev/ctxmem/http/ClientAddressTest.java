package dev.ctxmem.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
    private final ClientAddress addresses =
            new ClientAddress(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"), Cidr.parse("192.0.2.7")));

    @Test
    void theLastHopThatIsNoProxy_isTheClient() {
        assertEquals("9.9.9.9", clientOf("10.1.2.3", "1.1.1.1, 9.9.9.9"));
        assertEquals("9.9.9.9", clientOf("10.1.2.3", "9.9.9.9, 192.0.2.7, fd00::1"));
        assertEquals("10.9.9.9", clientOf("10.1.2.3", "10.9.9.9"));
        assertEquals("8.8.8.8", clientOf("8.8.8.8", "9.9.9.9"));
        assertEquals("10.1.2.3", clientOf("10.1.2.3", "9.9.9.9, unknown"));
        assertEquals("10.1.2.3", clientOf("10.1.2.3", ""));
    }

    @Test
    void ipv6_countsByItsNetwork() {
        assertEquals(
                ClientAddress.network(InetAddress.ofLiteral("2001:db8:1:2::1")),
                ClientAddress.network(InetAddress.ofLiteral("2001:db8:1:2:ffff::9")));
        assertEquals("9.9.9.9", ClientAddress.network(InetAddress.ofLiteral("9.9.9.9")));
    }

    @Test
    void ranges_areReadFromLiteralsAlone() {
        assertTrue(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("9.9.9.9")));
        assertTrue(Cidr.parse("192.168.1.128/25").contains(InetAddress.ofLiteral("192.168.1.200")));
        assertFalse(Cidr.parse("192.168.1.128/25").contains(InetAddress.ofLiteral("192.168.1.100")));
        assertFalse(Cidr.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1")));
        for (String wrong : List.of("example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "")) {
            assertThrows(IllegalArgumentException.class, () -> Cidr.parse(wrong), wrong);
        }
    }

    private String clientOf(String peer, String forwardedFor) {
        var headers = WritableHeaders.create();
        headers.set(HeaderNames.X_FORWARDED_FOR, forwardedFor);
        return addresses.of(InetAddress.ofLiteral(peer), headers).getHostAddress();
    }
}
