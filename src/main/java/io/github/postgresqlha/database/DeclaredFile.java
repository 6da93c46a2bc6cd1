package io.github.postgresqlha.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.postgresqlha.credentials.PasswordSecret;
import io.github.postgresqlha.spec.DatabaseSpec;
import io.github.postgresqlha.spec.OwnerLimitsSpec;
import io.github.postgresqlha.spec.PoolerBudget;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.spec.RoleSpec;
import java.util.List;
import java.util.Optional;

/**
 * {@code roles.json}: databases, roles and extensions that a specification declares, as {@code sql/declared.sql} reads them. Whoever is primary
 * follows it while it runs: a change restarts nothing.
 */
final class DeclaredFile {

    static final String NAME = "roles.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PostgresqlHaSpec spec;
    private final ObjectNode file = JSON.createObjectNode();

    private DeclaredFile(PostgresqlHaSpec spec) {
        this.spec = spec;
    }

    /** Its text; empty where nothing is declared. */
    static Optional<String> of(PostgresqlHaSpec spec) {
        boolean empty = !spec.pooler().enabled()
                && spec.roles().isEmpty()
                && spec.databases().isEmpty()
                && spec.extensions().isEmpty()
                && spec.ownerLimits().isEmpty();
        return empty ? Optional.empty() : Optional.of(new DeclaredFile(spec).render());
    }

    private String render() {
        ArrayNode databases = file.putArray("databases");
        database(databases, "postgres", "postgres", List.of());
        database(databases, spec.databaseName(), spec.databaseOwner(), spec.extensions());
        for (DatabaseSpec database : spec.databases()) {
            database(databases, database.name(), database.owner().orElse(spec.databaseOwner()), database.extensions());
        }
        ArrayNode roles = file.putArray("roles");
        spec.roles().forEach(role -> role(roles.addObject(), role));
        if (spec.pooler().enabled()) {
            role(roles.addObject(), pooler());
        }
        ObjectNode settings = file.putObject("ownerSettings");
        spec.ownerLimits().map(OwnerLimitsSpec::settings).ifPresent(limits -> limits.forEach(settings::put));
        try {
            return JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(file) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Made as the declared ones are, so that it can no longer log in when there is no pooler any more; its one right is in sql/pooler.sql. */
    private RoleSpec pooler() {
        return RoleSpec.builder()
                .name(PasswordSecret.POOLER)
                .connectionLimit(PoolerBudget.of(spec).asking())
                .build();
    }

    private static void database(ArrayNode databases, String name, String owner, List<String> extensions) {
        ObjectNode database = databases.addObject().put("name", name).put("owner", owner);
        ArrayNode names = database.putArray("extensions");
        extensions.forEach(names::add);
    }

    private static void role(ObjectNode node, RoleSpec role) {
        node.put("name", role.name()).put("login", role.login());
        role.connectionLimit().ifPresent(limit -> node.put("connectionLimit", limit));
        ObjectNode databases = node.putObject("databases");
        role.databases().forEach((database, access) -> databases.put(database, access.toString()));
        ObjectNode settings = node.putObject("settings");
        role.settings().forEach(settings::put);
    }
}
