package io.github.postgresqlha.admission;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicySpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.Variable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The policies as they stand in the files beside this class: CEL, the same for every installation. */
final class PolicyText {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private PolicyText() {}

    /** A policy without the names of an installation. */
    static ValidatingAdmissionPolicySpec policy(String name) {
        return read(name, new TypeReference<>() {});
    }

    /** What policies ask in the same words. */
    static List<Variable> shared() {
        return read("shared", new TypeReference<>() {});
    }

    private static <T> T read(String name, TypeReference<T> type) {
        try (InputStream resource = PolicyText.class.getResourceAsStream(name + ".yaml")) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name + ".yaml");
            }
            return YAML.readValue(resource, type);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + name + ".yaml", e);
        }
    }
}
