package io.github.postgresqlha.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.PublicApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every type and member of the public API has a comment. */
class DocumentedApiTest {

    @Test
    void has_a_sentence_for_each_element() throws IOException {
        Elements elements = elements();
        assertThat(elements.commented).isGreaterThan(250);
        assertThat(elements.bare).isEmpty();
    }

    private static Elements elements() throws IOException {
        try (StandardJavaFileManager files =
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                    .getTask(
                            null,
                            files,
                            null,
                            List.of("-proc:none"),
                            null,
                            files.getJavaFileObjectsFromPaths(sources()));
            Elements elements = new Elements(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                elements.scan(unit, null);
            }
            return elements;
        }
    }

    private static List<Path> sources() {
        return PublicApi.types().stream()
                .filter(type -> type.getEnclosingClass() == null)
                .map(type -> Project.file("src/main/java/" + type.getName().replace('.', '/') + ".java"))
                .toList();
    }

    /** Visits what a user sees, and does not look into methods. */
    private static final class Elements extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees trees;
        private final List<String> bare = new ArrayList<>();
        private int commented;

        Elements(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
            if (look(type.getModifiers(), type.getSimpleName().toString())) {
                super.visitClass(type, null);
            }
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
            if (!isOfRecord(method)) {
                look(method.getModifiers(), method.getName() + "(" + method.getParameters() + ")");
            }
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, @Nullable Void none) {
            look(variable.getModifiers(), variable.getName().toString());
            return null;
        }

        /** Whether a user sees it. */
        private boolean look(ModifiersTree modifiers, String name) {
            String annotations = modifiers.getAnnotations().toString();
            if (!isVisible(modifiers) || annotations.contains("@Internal")) {
                return false;
            }
            if (trees.getDocComment(getCurrentPath()) != null || annotations.contains("@Override")) {
                commented++;
            } else {
                bare.add(getCurrentPath().getCompilationUnit().getSourceFile().getName() + ": " + name);
            }
            return true;
        }

        private boolean isVisible(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || (isInInterface() && !flags.contains(Modifier.PRIVATE));
        }

        /** A record's constructor: the comment of the record is on it. */
        private boolean isOfRecord(MethodTree method) {
            return method.getName().contentEquals("<init>") && kindOfParent() == Tree.Kind.RECORD;
        }

        private Tree.Kind kindOfParent() {
            return getCurrentPath().getParentPath().getLeaf().getKind();
        }

        private boolean isInInterface() {
            Tree.Kind kind = kindOfParent();
            return kind == Tree.Kind.INTERFACE || kind == Tree.Kind.ANNOTATION_TYPE;
        }
    }
}
