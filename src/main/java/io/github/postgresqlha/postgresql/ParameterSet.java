package io.github.postgresqlha.postgresql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of {@code postgresql.conf}: sections of parameters, each named once.
 *
 * @see <a href="https://www.postgresql.org/docs/17/config-setting.html">Setting parameters</a>
 */
public final class ParameterSet {

    private final List<ParameterSection> sections;

    ParameterSet(List<ParameterSection> sections) {
        this.sections = List.copyOf(sections);
    }

    /** Values of the specification: they replace the product's in their place, and new ones get a section at the end. */
    public ParameterSet with(Map<String, String> values) {
        List<ParameterSection> result = new ArrayList<>();
        for (ParameterSection section : sections) {
            List<Parameter> parameters = section.parameters().stream()
                    .map(p -> values.containsKey(p.name()) ? p.withValue(values.get(p.name())) : p)
                    .toList();
            result.add(new ParameterSection(section.title(), parameters));
        }
        List<Parameter> added = new TreeMap<>(values)
                .entrySet().stream()
                        .filter(entry -> !names().contains(entry.getKey()))
                        .map(entry -> new Parameter(entry.getKey(), entry.getValue(), "from the specification"))
                        .toList();
        if (!added.isEmpty()) {
            result.add(new ParameterSection("Further parameters", added));
        }
        return new ParameterSet(result);
    }

    /** The file. */
    public String render() {
        return Columns.HEADER + sections.stream().map(ParameterSection::render).collect(Collectors.joining());
    }

    /** The parameters that a running server takes over only by a restart, one a line, sorted by name. */
    public String restartRequired() {
        return parameters()
                .filter(Parameter::needsRestart)
                .map(parameter -> parameter.assignment() + "\n")
                .sorted()
                .collect(Collectors.joining());
    }

    /** The value that the set gives a parameter. */
    public String value(String name) {
        return parameters()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no parameter " + name))
                .value();
    }

    /** The names of all parameters of the set, sorted. */
    public List<String> names() {
        return parameters().map(Parameter::name).sorted().toList();
    }

    private Stream<Parameter> parameters() {
        return sections.stream().flatMap(section -> section.parameters().stream());
    }
}
