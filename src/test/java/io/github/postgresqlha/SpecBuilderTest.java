package io.github.postgresqlha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.postgresqlha.postgresql.PostgresVersion;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import io.github.postgresqlha.testing.Examples;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Builders begin with what another specification has. */
class SpecBuilderTest {

    @ParameterizedTest
    @MethodSource("specifications")
    void a_copy_is_equal(PostgresqlHaSpec base) {
        assertThat(PostgresqlHaSpec.builder().from(base).build()).isEqualTo(base);
    }

    static Stream<PostgresqlHaSpec> specifications() {
        return Examples.all().values().stream();
    }

    @Test
    void what_is_said_after_it_replaces_one_value() {
        PostgresqlHaSpec base = Examples.offsite();
        PostgresqlHaSpec copy =
                PostgresqlHaSpec.builder().from(base).name("second").build();
        assertThat(copy).isNotEqualTo(base);
        assertThat(copy.name()).isEqualTo("second");
        assertThat(PostgresqlHaSpec.builder().from(copy).name(base.name()).build())
                .isEqualTo(base);
    }

    @Test
    void a_list_grows_by_add_and_is_replaced_by_its_own_name() {
        PostgresqlHaSpec base =
                PostgresqlHaSpec.builder().addImagePullSecret("one").build();
        assertThat(PostgresqlHaSpec.builder()
                        .from(base)
                        .addImagePullSecret("two")
                        .build()
                        .imagePullSecrets())
                .containsExactly("one", "two");
        assertThat(PostgresqlHaSpec.builder()
                        .from(base)
                        .imagePullSecrets(List.of("two"))
                        .build()
                        .imagePullSecrets())
                .containsExactly("two");
    }

    @Test
    void a_default_that_follows_from_another_key_is_copied_as_it_was() {
        PostgresqlHaSpec.Builder builder =
                PostgresqlHaSpec.builder().from(Examples.standard()).postgresVersion(PostgresVersion.V16);
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("image: ");
        assertThat(builder.image("postgres:16").build().image()).isEqualTo("postgres:16");
    }

    /** They are declared by a class that users cannot name. */
    @Test
    void its_methods_can_be_referred_to() {
        Function<String, PostgresqlHaSpec.Builder> name = PostgresqlHaSpec.builder()::name;
        assertThat(name.apply("other").build().name()).isEqualTo("other");
    }
}
