package io.github.postgresqlha.script;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers every connection as a PostgreSQL that is starting up does: SQLSTATE 57P03. */
final class StartingServer implements AutoCloseable {

    private static final int ENCRYPTION_REQUESTS_FROM = 80877103;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    StartingServer() throws IOException {
        Thread thread = new Thread(this::serve, "starting-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                refuse(client);
            } catch (IOException e) {
                // The client went away, or this server did: the loop's condition knows.
            }
        }
    }

    private static void refuse(Socket client) throws IOException {
        DataInputStream input = new DataInputStream(client.getInputStream());
        while (true) {
            byte[] packet = new byte[input.readInt() - 4];
            input.readFully(packet);
            if (ByteBuffer.wrap(packet).getInt() < ENCRYPTION_REQUESTS_FROM) {
                break;
            }
            client.getOutputStream().write('N');
        }
        byte[] fields =
                "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0".getBytes(StandardCharsets.UTF_8);
        client.getOutputStream()
                .write(ByteBuffer.allocate(fields.length + 5)
                        .put((byte) 'E')
                        .putInt(fields.length + 4)
                        .put(fields)
                        .array());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
