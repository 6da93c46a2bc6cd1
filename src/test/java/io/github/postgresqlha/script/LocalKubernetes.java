package io.github.postgresqlha.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;

/** As much of the Kubernetes API as Patroni uses, in memory: pods and ConfigMaps of one namespace, with versions, patches and watches. */
final class LocalKubernetes implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "";
    private static final String PREFIX = "/api/v1/namespaces/here/";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final Map<BlockingQueue<String>, String> watchers = new ConcurrentHashMap<>();
    private volatile Refusal refusal = new Refusal(Reach.WRITES, () -> 0);
    private long version = 1;

    LocalKubernetes() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PREFIX, this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** What Patroni's client reads outside of a pod. */
    String kubeconfig() {
        return """
                current-context: kind-kind
                contexts: [{name: kind-kind, context: {cluster: here, user: here}}]
                clusters: [{name: here, cluster: {server: "http://127.0.0.1:%s"}}]
                users: [{name: here, user: {token: none}}]
                """.formatted(server.getAddress().getPort());
    }

    synchronized void addPod(String name, Map<String, String> labels) {
        ObjectNode pod = JSON.createObjectNode();
        pod.putObject("metadata").put("name", name).set("labels", JSON.valueToTree(labels));
        store("pods/" + name, pod);
    }

    /** What a refusal reaches. A watch that is open goes on when its right is taken away: Kubernetes looks at that once. */
    enum Reach {
        WRITES,
        NEW_REQUESTS,
        WATCHES_TOO
    }

    private record Refusal(Reach reach, IntSupplier status) {}

    /** From now on what is reached is answered with this status, as it is where that is 0. */
    void refuse(Reach reach, IntSupplier status) {
        refusal = new Refusal(reach, status);
        if (reach == Reach.WATCHES_TOO) {
            watchers.keySet().forEach(watcher -> watcher.add(END));
        }
    }

    /** An annotation of an object, empty where there is none. */
    synchronized String annotation(String path, String name) {
        ObjectNode object = objects.get(path);
        return object == null
                ? ""
                : object.at("/metadata/annotations").path(name).asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        Refusal now = refusal;
        boolean reached =
                now.reach() != Reach.WRITES || !exchange.getRequestMethod().equals("GET");
        int refused = reached ? now.status().getAsInt() : 0;
        if (refused != 0) {
            reply(exchange, new Answer(refused, JSON.createObjectNode()));
            return;
        }
        if (query.contains("watch=True")) {
            watch(exchange, path);
            return;
        }
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        reply(exchange, change(exchange.getRequestMethod(), path, body));
    }

    private static void reply(HttpExchange exchange, Answer answer) throws IOException {
        byte[] text = answer.body().toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private record Answer(int status, JsonNode body) {}

    private synchronized Answer change(String method, String path, JsonNode body) {
        boolean collection = !path.contains("/");
        return switch (method) {
            case "GET" -> collection ? new Answer(200, list(path)) : found(path);
            case "POST" -> create(path + "/" + body.at("/metadata/name").asText(), (ObjectNode) body);
            case "PATCH" -> patch(path, body);
            default -> throw new IllegalStateException(method + " " + path);
        };
    }

    private JsonNode list(String kind) {
        ObjectNode list = JSON.createObjectNode();
        list.putObject("metadata").put("resourceVersion", String.valueOf(version));
        objects.forEach((path, object) -> {
            if (path.startsWith(kind + "/")) {
                list.withArray("items").add(object);
            }
        });
        list.withArray("items");
        return list;
    }

    private Answer found(String path) {
        ObjectNode object = objects.get(path);
        return object == null ? new Answer(404, JSON.createObjectNode()) : new Answer(200, object);
    }

    private Answer create(String path, ObjectNode object) {
        if (objects.containsKey(path)) {
            return new Answer(409, JSON.createObjectNode());
        }
        store(path, object);
        return new Answer(201, object);
    }

    private Answer patch(String path, JsonNode body) {
        ObjectNode object = objects.get(path);
        if (object == null) {
            return new Answer(404, JSON.createObjectNode());
        }
        String expected = body.at("/metadata/resourceVersion").asText();
        if (!expected.isEmpty()
                && !expected.equals(object.at("/metadata/resourceVersion").asText())) {
            return new Answer(409, JSON.createObjectNode());
        }
        ObjectNode next = object.deepCopy();
        for (String part : List.of("labels", "annotations")) {
            ObjectNode values = next.withObject("/metadata").withObject("/" + part);
            body.at("/metadata/" + part).properties().forEach(value -> {
                if (value.getValue().isNull()) {
                    values.remove(value.getKey());
                } else {
                    values.set(value.getKey(), value.getValue());
                }
            });
        }
        store(path, next);
        return new Answer(200, next);
    }

    private void store(String path, ObjectNode object) {
        String type = objects.containsKey(path) ? "MODIFIED" : "ADDED";
        object.withObject("/metadata").put("resourceVersion", String.valueOf(++version));
        object.put("kind", path.startsWith("pods/") ? "Pod" : "ConfigMap");
        objects.put(path, object);
        ObjectNode event = JSON.createObjectNode().put("type", type);
        event.set("object", object);
        Set.copyOf(watchers.entrySet()).stream()
                .filter(watcher -> path.startsWith(watcher.getValue() + "/"))
                .forEach(watcher -> watcher.getKey().add(event + "\n"));
    }

    /** From the present on: who watches has just listed. What was stored in between is sent once more. */
    private void watch(HttpExchange exchange, String kind) throws IOException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        synchronized (this) {
            list(kind)
                    .path("items")
                    .forEach(object -> events.add(
                            JSON.createObjectNode().put("type", "MODIFIED").set("object", object) + "\n"));
            watchers.put(events, kind);
        }
        exchange.sendResponseHeaders(200, 0);
        try {
            for (String event = events.take(); !event.equals(END) && !threads.isShutdown(); event = events.take()) {
                exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        } finally {
            watchers.remove(events);
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
