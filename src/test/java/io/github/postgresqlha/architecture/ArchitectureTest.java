package io.github.postgresqlha.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.github.postgresqlha.testing.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final String BASE = "io.github.postgresqlha";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    @ParameterizedTest
    @MethodSource("rules")
    void keeps_to(ArchRule rule) {
        rule.check(CLASSES);
    }

    static Stream<ArchRule> rules() {
        return Stream.of(
                slices().matching(BASE + ".(*)..").should().beFreeOfCycles(),
                noClasses()
                        .that()
                        .resideInAPackage("..postgresql..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.fabric8..", "org.cdk8s..", "software..")
                        .because("PostgreSQL's vocabulary is tested without Kubernetes"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(BASE)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.cdk8s..", "software..")
                        .because("only constructs and the bridge start node"),
                classes()
                        .that()
                        .haveSimpleNameEndingWith("Utils")
                        .or()
                        .haveSimpleNameEndingWith("Helper")
                        .or()
                        .haveSimpleNameEndingWith("Manager")
                        .or()
                        .haveSimpleNameEndingWith("Impl")
                        .should()
                        .haveSimpleName("none")
                        .because("a class is named after what it is")
                        .allowEmptyShould(true));
    }

    @Test
    void classes_stay_small() {
        assertThat(tooLong("src/main/java", ".java", 200)).isEmpty();
        assertThat(tooLong("src/test/java", ".java", 300)).isEmpty();
    }

    private static List<String> tooLong(String folder, String suffix, long lines) {
        Path top = Project.file(folder);
        return Project.filesBelow(top).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .filter(file -> Project.read(top.resolve(file)).lines().count() > lines)
                .map(Path::toString)
                .toList();
    }
}
