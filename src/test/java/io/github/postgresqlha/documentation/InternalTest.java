package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.resolvers.SelectedClassResolverFromClasspath;
import io.github.postgresqlha.annotation.Internal;
import io.github.postgresqlha.backup.BackupObjects;
import io.github.postgresqlha.cli.Pgha;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.PublicApi;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users are shown uses nothing that is internal. */
class InternalTest {

    private static final Path EXAMPLES = Project.file("examples");

    @TempDir
    private Path classes;

    @Test
    void is_nothing_that_the_examples_use() throws Exception {
        List<Path> sources = Project.filesBelow(EXAMPLES).stream()
                .filter(file ->
                        file.toString().endsWith(".java") && !file.toString().contains("target/"))
                .map(EXAMPLES::resolve)
                .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none", "-d", classes.toString()),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources))
                            .call())
                    .isTrue();
        }
        JavaClasses examples = imported(importer -> importer.importPath(classes));
        assertThat(examples).hasSizeGreaterThanOrEqualTo(sources.size());
        assertThat(used(examples)).isEmpty();
    }

    @Test
    void is_nothing_that_the_readme_uses() {
        assertThat(used(imported(importer -> importer.importClasses(ReadmeExampleIT.class))))
                .isEmpty();
    }

    @Test
    void is_much_of_what_the_product_uses() {
        assertThat(used(imported(importer -> importer.importPackagesOf(Pgha.class, BackupObjects.class))))
                .anyMatch(use -> use.contains("ConfigurationFile"))
                .anyMatch(use -> use.contains("DistFolder"))
                .anyMatch(use -> use.contains("RestoreTestSpec.scratchBytes()"));
    }

    /** Only the product's own classes are looked up beyond those that are imported: others are many. */
    private static JavaClasses imported(Function<ClassFileImporter, JavaClasses> what) {
        return ArchConfiguration.withThreadLocalScope(configuration -> {
            configuration.setClassResolver(SelectedClassResolverFromClasspath.class);
            configuration.setClassResolverArguments(PublicApi.BASE.replaceFirst("\\.$", ""));
            return what.apply(new ClassFileImporter());
        });
    }

    /** Types and members that are internal, with the place that uses them. */
    private static List<String> used(JavaClasses classes) {
        Stream<String> types = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> dependency.getTargetClass().getName().startsWith(PublicApi.BASE))
                .filter(dependency ->
                        PublicApi.isInternal(dependency.getTargetClass().reflect()))
                .map(Dependency::getDescription);
        Stream<String> members = classes.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTarget().isAnnotatedWith(Internal.class))
                .map(JavaAccess::getDescription);
        return Stream.concat(types, members).toList();
    }
}
