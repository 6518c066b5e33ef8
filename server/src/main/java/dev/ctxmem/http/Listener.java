package dev.ctxmem.http;

import dev.ctxmem.core.Limits;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;

/// One open port: the web server with our own routing, our own answers to what cannot be parsed, and our own
/// keeping of connections.
final class Listener implements AutoCloseable {
    private final WebServer server;
    private final Connections connections;

    private Listener(WebServer server, Connections connections) {
        this.server = server;
        this.connections = connections;
    }

    /// Throws [IllegalStateException] when the address cannot be listened on.
    static Listener open(String host, int port, HttpLimits limits, Connections connections, Refusals refusals) {
        DirectHandlers.Builder direct = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            direct.addHandler(type, refusals);
        }
        var address = new InetSocketAddress(host, port);
        requireFree(address, connections);
        WebServer server = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .concurrencyLimitDiscoverServices(false)
                .addConnectionSelector(connections)
                .directHandlers(direct.build())
                .errorHandling(ErrorHandling.builder().includeEntity(true).build())
                .contentEncoding(new UndecodedBodies())
                .maxPayloadSize(Limits.BODY_BYTES_MAX)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .shutdownGracePeriod(limits.shutdownGrace())
                .build()
                .start();
        if (!server.isRunning()) {
            connections.close();
            throw new IllegalStateException("Cannot listen on " + address + ".");
        }
        return new Listener(server, connections);
    }

    int port() {
        return server.port();
    }

    /// Closes the port, then lets requests in flight finish within the grace period.
    @Override
    public void close() {
        server.stop();
        connections.close();
    }

    /// The web server tells a reason to its log alone.
    private static void requireFree(InetSocketAddress address, Connections connections) {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
        } catch (IOException | UnresolvedAddressException e) {
            connections.close();
            throw new IllegalStateException(
                    "Cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(), e);
        }
    }
}
