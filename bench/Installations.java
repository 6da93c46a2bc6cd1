import io.github.postgresqlha.Synthesis;
import io.github.postgresqlha.dist.DistFile;
import io.github.postgresqlha.spec.PostgresqlHaSpec;
import java.util.List;

/** Synthesizes so many installations of different names in one process, as a platform's own program does, without node. */
public final class Installations {

    private Installations() {}

    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[0]);
        long began = System.nanoTime();
        long characters = 0;
        for (int i = 0; i < count; i++) {
            PostgresqlHaSpec spec = PostgresqlHaSpec.builder()
                    .name("tenant-" + i)
                    .namespace("tenant-" + i)
                    .build();
            List<DistFile> files = Synthesis.files(spec);
            characters += files.stream().mapToLong(file -> file.content().length()).sum();
        }
        System.out.printf("%.2f s, %d characters%n", (System.nanoTime() - began) / 1e9, characters);
    }
}
