package io.github.postgresqlha.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The way to a port, in one direction of asking. While it is cut, connections are taken and nothing comes through. */
final class LocalWire implements AutoCloseable {

    private final ServerSocket entrance;
    private final int target;
    private volatile boolean cut = true;

    private LocalWire(int target) throws IOException {
        entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
    }

    /** Cut at first. */
    static LocalWire to(int target) throws IOException {
        LocalWire wire = new LocalWire(target);
        start(wire::accept);
        return wire;
    }

    int port() {
        return entrance.getLocalPort();
    }

    void heal() {
        cut = false;
    }

    private void accept() throws IOException {
        while (!entrance.isClosed()) {
            Socket from = entrance.accept();
            start(() -> connect(from));
        }
    }

    private void connect(Socket from) throws IOException {
        try (from) {
            awaitWhole();
            try (Socket to = new Socket(InetAddress.getLoopbackAddress(), target)) {
                start(() -> pump(to, from));
                pump(from, to);
            }
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] bytes = new byte[8192];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            awaitWhole();
            out.write(bytes, 0, read);
        }
        to.close();
    }

    private void awaitWhole() {
        while (cut && !entrance.isClosed()) {
            Pause.milliseconds(20);
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** A connection that breaks ends its thread, and nothing else. */
    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
