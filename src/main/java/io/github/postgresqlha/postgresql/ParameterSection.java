package io.github.postgresqlha.postgresql;

import java.util.ArrayList;
import java.util.List;

/** Parameters that belong together, under the heading that {@code postgresql.conf} gives them. */
record ParameterSection(String title, List<Parameter> parameters) {

    ParameterSection {
        parameters = List.copyOf(parameters);
    }

    static ParameterSection of(String title) {
        return new ParameterSection(title, List.of());
    }

    ParameterSection add(String name, String value, String reason) {
        return add(new Parameter(name, value, reason));
    }

    ParameterSection add(Parameter parameter) {
        List<Parameter> all = new ArrayList<>(parameters);
        all.add(parameter);
        return new ParameterSection(title, all);
    }

    String render() {
        return "\n# " + title + "\n"
                + Columns.align(
                        parameters.stream().map(p -> List.of(p.assignment())).toList(),
                        parameters.stream().map(Parameter::reason).toList());
    }
}
