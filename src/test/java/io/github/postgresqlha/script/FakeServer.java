package io.github.postgresqlha.script;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes a member's address and asks everybody for the password in clear, as a server with the method {@code password} does. */
final class FakeServer implements AutoCloseable {

    private static final int ENCRYPTION_REQUESTS_FROM = 80877103;
    private static final byte[] CLEARTEXT_PASSWORD = {'R', 0, 0, 0, 8, 0, 0, 0, 3};

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<String> roles = new ConcurrentSkipListSet<>();
    private final List<String> passwords = new CopyOnWriteArrayList<>();

    FakeServer() throws IOException {
        start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Who has come. */
    Set<String> roles() {
        return roles;
    }

    /** What they have told. */
    List<String> passwords() {
        return passwords;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start(() -> ask(client));
            } catch (IOException e) {
                // This server was closed: the loop's condition knows.
            }
        }
    }

    private void ask(Socket client) {
        try (client) {
            DataInputStream input = new DataInputStream(client.getInputStream());
            byte[] packet = packet(input);
            while (ByteBuffer.wrap(packet).getInt() >= ENCRYPTION_REQUESTS_FROM) {
                client.getOutputStream().write('N');
                packet = packet(input);
            }
            String[] parameters = new String(packet, 4, packet.length - 4, StandardCharsets.UTF_8).split("\0");
            String role = parameters[List.of(parameters).indexOf("user") + 1];
            roles.add(role);
            client.getOutputStream().write(CLEARTEXT_PASSWORD);
            if (input.read() == 'p') {
                passwords.add(role + " told " + new String(packet(input), StandardCharsets.UTF_8).strip());
            }
        } catch (IOException e) {
            // The client went away.
        }
    }

    private static byte[] packet(DataInputStream input) throws IOException {
        byte[] packet = new byte[input.readInt() - 4];
        input.readFully(packet);
        return packet;
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
