package io.github.postgresqlha.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.Cdk8sSynthesis;
import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written from the plan is what cdk8s gives by way of the chart. */
class SameBytesIT {

    @ParameterizedTest
    @MethodSource("cases")
    void the_plan_and_the_chart_give_the_same(String name) {
        PostgresqlHaSpec spec = Examples.all().get(name);
        assertThat(Synthesis.files(spec)).isEqualTo(Cdk8sSynthesis.files(spec));
    }

    static Stream<String> cases() {
        return Examples.all().keySet().stream();
    }
}
