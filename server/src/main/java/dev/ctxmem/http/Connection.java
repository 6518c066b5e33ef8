package dev.ctxmem.http;

import dev.ctxmem.core.ErrorCode;
import dev.ctxmem.core.Limits;
import dev.ctxmem.core.MemoryException;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One connection: stands between the socket and the parser, so that every wait on the client has a deadline, a
/// client that is turned away in the middle of its body still gets to read why, and no request holds more bytes
/// than it may.
///
/// The thread of the connection moves `wait` from RUNNING to READING or WRITING and back; the thread that keeps
/// the deadlines may move it from either to EXPIRED, and only then touches the socket.
final class Connection implements ConnectionContext, ServerConnection, InterruptableTask<Void> {
    /// What a request may take on the wire: chunks of any sane size included.
    private static final long REQUEST_BYTES_MAX =
            4L * Limits.BODY_BYTES_MAX + Limits.URL_BYTES_MAX + Limits.HEADERS_BYTES_MAX;
    /// A body must come at this pace on average, after a start.
    private static final long BODY_BYTES_PER_SECOND_MIN = 1024;
    private static final long WRITE_BYTES_PER_SECOND_MIN = 16 << 10;
    /// How much, and how long, is read and thrown away after an answer that closes the connection: a socket
    /// closed with unread bytes is reset, and the client may never see the answer.
    private static final long LINGER_BYTES_MAX = 8L << 20;

    private static final Duration LINGER = Duration.ofSeconds(1);
    /// How long a farewell to a client may take that has missed its deadline.
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Connections connections;
    private final ConnectionContext context;
    private final InetAddress address;
    private final byte @Nullable [] refusal;
    private final HelidonSocket socket;
    private final DataReader reader;
    private final DataWriter writer;
    private final ServerConnection parser;

    private final AtomicReference<Wait> wait = new AtomicReference<>(Wait.RUNNING);
    private volatile long deadline;
    private volatile Phase phase = Phase.FRESH;
    private long requestStart;
    private long requestBytes;
    private long bodyStart;
    private boolean lingers;

    private enum Wait {
        RUNNING,
        READING,
        WRITING,
        EXPIRED
    }

    private enum Phase {
        /// Nothing has come yet.
        FRESH,
        /// Between two requests.
        IDLE,
        HEAD,
        BODY,
        /// Answered; what still comes is thrown away.
        OVER
    }

    Connection(Connections connections, ConnectionContext context, InetAddress address, byte @Nullable [] refusal) {
        this.connections = connections;
        this.context = context;
        this.address = address;
        this.refusal = refusal;
        this.socket = context.serverSocket();
        this.reader = DataReader.create(this::readForParser);
        this.writer = new DeadlineWriter(context.dataWriter());
        this.deadline = connections.now();
        this.parser = connections.parser(this);
    }

    /// The other end of the socket.
    InetAddress address() {
        return address;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            if (refusal == null) {
                parser.handle(limit);
            } else {
                writer.writeNow(BufferData.create(refusal));
            }
            // The parser returns by itself only after an answer to what it could not parse.
            lingers = true;
        } finally {
            if (lingers) {
                linger();
            }
            connections.closed(this, address);
        }
    }

    @Override
    public Duration idleTime() {
        return parser.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        parser.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return parser instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    void prologueParsed() {
        if (phase != Phase.HEAD) {
            startRequest(connections.now());
        }
    }

    void headersParsed() {
        bodyStart = connections.now();
        requestBytes = 0;
        phase = Phase.BODY;
    }

    /// The request has been answered; the next one may come.
    void requestDone() {
        phase = Phase.IDLE;
    }

    /// Ends the connection after an answer; `unread` says that there may be more of the request to come.
    CloseConnectionException closing(boolean unread) {
        lingers = unread;
        return new CloseConnectionException("The answer closes the connection.");
    }

    void checkDeadline(long now) {
        if (now - deadline < 0) {
            return;
        }
        if (wait.compareAndSet(Wait.READING, Wait.EXPIRED)) {
            boolean tells = phase == Phase.HEAD || phase == Phase.BODY;
            deadline = now + FAREWELL.toNanos();
            // A farewell may block, and the thread that keeps the deadlines must not.
            Thread.startVirtualThread(() -> expire(tells));
        } else if (wait.compareAndSet(Wait.WRITING, Wait.EXPIRED) || wait.get() == Wait.EXPIRED) {
            deadline = now + FAREWELL.toNanos();
            closeSocket();
        }
    }

    private void expire(boolean tells) {
        try {
            if (tells) {
                socket.write(BufferData.create(connections
                        .refusals()
                        .bytes(new MemoryException(ErrorCode.REQUEST_TIMEOUT, "The request did not come in time."))));
            }
        } catch (RuntimeException e) {
            context.log(System.getLogger(Connection.class.getName()), System.Logger.Level.TRACE, "farewell", e);
        } finally {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (UncheckedIOException e) {
            context.log(System.getLogger(Connection.class.getName()), System.Logger.Level.TRACE, "close", e);
        }
    }

    private byte @Nullable [] readForParser() {
        long now = connections.now();
        deadline = switch (phase) {
            case FRESH -> now + connections.limits().headTimeout().toNanos();
            case IDLE, OVER -> now + connections.limits().idleTimeout().toNanos();
            case HEAD -> requestStart + connections.limits().headTimeout().toNanos();
            case BODY -> bodyDeadline();
        };
        byte[] bytes = read();
        boolean inside = phase == Phase.HEAD || phase == Phase.BODY;
        if (bytes == null) {
            if (inside) {
                throw malformed(Status.BAD_REQUEST_400, "The connection ended inside the request.");
            }
            return null;
        }
        if (!inside) {
            startRequest(connections.now());
            bytes = Http10.translate(bytes, Limits.URL_BYTES_MAX + Limits.HEADERS_BYTES_MAX, this::read);
        }
        requestBytes += bytes.length;
        if (requestBytes > REQUEST_BYTES_MAX) {
            throw malformed(Status.REQUEST_ENTITY_TOO_LARGE_413, "The request is too large.");
        }
        return bytes;
    }

    private void startRequest(long now) {
        requestStart = now;
        requestBytes = 0;
        deadline = now + connections.limits().headTimeout().toNanos();
        phase = Phase.HEAD;
    }

    private long bodyDeadline() {
        HttpLimits limits = connections.limits();
        long paced = bodyStart
                + limits.headTimeout().toNanos()
                + Duration.ofSeconds(requestBytes / BODY_BYTES_PER_SECOND_MIN).toNanos();
        long total = requestStart + limits.requestTimeout().toNanos();
        return total - paced < 0 ? total : paced;
    }

    /// Reads what is there, null at the end of the stream; waits until [#deadline].
    private byte @Nullable [] read() {
        wait.set(Wait.READING);
        byte[] bytes;
        try {
            bytes = socket.get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("The client is gone.", e);
        } finally {
            resume(Wait.READING);
        }
        return bytes;
    }

    private void resume(Wait from) {
        if (!wait.compareAndSet(from, Wait.RUNNING)) {
            throw new CloseConnectionException("The client missed a deadline.");
        }
    }

    private void linger() {
        phase = Phase.OVER;
        deadline = connections.now() + LINGER.toNanos();
        try {
            long bytes = 0;
            for (byte[] next = read(); next != null && bytes < LINGER_BYTES_MAX; next = read()) {
                bytes += next.length;
            }
        } catch (CloseConnectionException e) {
            context.log(System.getLogger(Connection.class.getName()), System.Logger.Level.TRACE, "linger", e);
        }
    }

    private static RequestException malformed(Status status, String message) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(status)
                .message(message)
                .build();
    }

    @Override
    public ListenerContext listenerContext() {
        return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return context.executor();
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public Router router() {
        return connections.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return socket;
    }

    @Override
    public PeerInfo remotePeer() {
        return context.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return context.localPeer();
    }

    @Override
    public boolean isSecure() {
        return context.isSecure();
    }

    @Override
    public String socketId() {
        return context.socketId();
    }

    @Override
    public String childSocketId() {
        return context.childSocketId();
    }

    /// Gives every write a deadline.
    private final class DeadlineWriter implements DataWriter {
        private final DataWriter out;

        DeadlineWriter(DataWriter out) {
            this.out = out;
        }

        @Override
        public void write(BufferData... buffers) {
            write(BufferData.create(buffers));
        }

        @Override
        public void write(BufferData buffer) {
            begin(buffer);
            try {
                out.write(buffer);
            } finally {
                resume(Wait.WRITING);
            }
        }

        @Override
        public void writeNow(BufferData... buffers) {
            writeNow(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            begin(buffer);
            try {
                out.writeNow(buffer);
            } finally {
                resume(Wait.WRITING);
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        private void begin(BufferData buffer) {
            deadline = connections.now()
                    + connections.limits().writeTimeout().toNanos()
                    + Duration.ofSeconds(buffer.available() / WRITE_BYTES_PER_SECOND_MIN)
                            .toNanos();
            wait.set(Wait.WRITING);
        }
    }
}
