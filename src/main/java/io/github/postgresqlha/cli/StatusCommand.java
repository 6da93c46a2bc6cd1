package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.postgresqlha.installation.Installation;
import io.github.postgresqlha.installation.Member;
import io.github.postgresqlha.spec.InvalidSpecException;
import io.github.postgresqlha.status.Health;
import io.github.postgresqlha.status.Level;
import io.github.postgresqlha.status.StatusPage;
import io.github.postgresqlha.status.StatusText;
import io.github.postgresqlha.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgha status}: the health check of a running installation, at a glance. */
@Command(
        name = "status",
        description =
                "Shows a running installation at a glance: members, lag, volumes, backups, certificates, and what is not well."
                        + " It runs the health check in a member, by kubectl.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:healthy",
            "1:a warning",
            "2:something is critical",
            "3:it cannot tell: no member could be asked",
            "64:bad usage or specification"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pgha status --watch", "  pgha status --context production --format html >status.html"})
final class StatusCommand implements Callable<Integer> {

    private enum Format {
        TEXT,
        JSON,
        HTML
    }

    private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";

    private final PrintWriter output;
    private final PrintWriter errors;
    private final Kubectl kubectl;

    @Mixin
    private ConfigOption config;

    @Option(names = "--context", paramLabel = "NAME", description = "The context of kubectl. Default: its current one")
    private Optional<String> context = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "text|json|html",
            description = "For a terminal, for programs, or a page that needs nothing beside itself. Default: text")
    private Format format = Format.TEXT;

    @Option(
            names = "--watch",
            arity = "0..1",
            fallbackValue = "5",
            paramLabel = "SECONDS",
            description = "Shows it again and again, until it is interrupted. Default: each 5 seconds; 1 to 3600")
    private Optional<Integer> watch = Optional.empty();

    StatusCommand(PrintWriter output, PrintWriter errors, InputStream input, Kubectl kubectl) {
        this.output = output;
        this.errors = errors;
        this.kubectl = kubectl;
        this.config = new ConfigOption(input);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<String> wrong = wrongUsage();
        if (wrong.isPresent()) {
            errors.println("pgha: " + wrong.get());
            return Pgha.BAD_USAGE;
        }
        try {
            Installation installation = Installation.of(config.read());
            int status = show(installation);
            while (watch.isPresent() && !output.checkError()) {
                Thread.sleep(watch.get() * 1000L);
                status = show(installation);
            }
            return status;
        } catch (InvalidSpecException invalid) {
            errors.println(invalid.getMessage());
            return Pgha.BAD_USAGE;
        }
    }

    private Optional<String> wrongUsage() {
        if (watch.isPresent() && (watch.get() < 1 || watch.get() > 3600)) {
            return Optional.of("--watch: must be 1 to 3600 seconds, got " + watch.get());
        }
        if (watch.isPresent() && format != Format.TEXT) {
            return Optional.of("--watch: is for --format text; run the command again for another page");
        }
        return context.filter(name -> name.isEmpty() || name.startsWith("-"))
                .map(name -> "--context: must be the name of a context, got '" + name
                        + "'; kubectl config get-contexts lists them");
    }

    /** The first member that can be asked knows of all. */
    private int show(Installation installation) throws IOException, InterruptedException {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Member member : installation.members()) {
            Kubectl.Answer answer = kubectl.run(command(installation, member));
            try {
                Health health = Health.parse(answer.out());
                print(installation, health, answer.out());
                return health.status().exitStatus();
            } catch (IllegalArgumentException none) {
                reasons.put(member.pod(), reason(answer, none));
            }
        }
        errors.println(nobody(installation, reasons));
        return Level.UNKNOWN.exitStatus();
    }

    /** What all members have in common, as a cluster that does not answer, is said once. */
    private static String nobody(Installation installation, Map<String, String> reasons) {
        String where = installation.spec().name() + " in namespace "
                + installation.spec().namespace();
        if (reasons.values().stream().allMatch(reason -> reason.contains("(NotFound): pods "))) {
            return "pgha: there is no pod of " + where + " (" + String.join(", ", reasons.keySet())
                    + "); is this its cluster (kubectl config current-context; --context)? deploy-postgresql.sh installs it";
        }
        boolean same = new HashSet<>(reasons.values()).size() == 1;
        String why = same
                ? reasons.values().iterator().next()
                : reasons.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
        return "pgha: no member of " + where + " could be asked; " + why + ". kubectl get pods shows whether they run";
    }

    private List<String> command(Installation installation, Member member) {
        List<String> command = new ArrayList<>();
        context.ifPresent(name -> command.addAll(List.of("--context", name)));
        command.addAll(List.of(
                "--namespace", installation.spec().namespace(), "exec", member.pod(), "--container", "postgresql"));
        command.addAll(List.of("--", "/scripts/health-check.sh", "--format", "json"));
        return command;
    }

    /** kubectl's first complaint; of an answer that is none, why. */
    private static String reason(Kubectl.Answer answer, IllegalArgumentException none) {
        String complaint = answer.err()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("command terminated"))
                .findFirst()
                .orElse("its answer cannot be used: " + none.getMessage());
        return Printable.of(complaint).replaceAll("[.]+$", "");
    }

    private void print(Installation installation, Health health, String json) throws JsonProcessingException {
        String name = installation.spec().name();
        String namespace = installation.spec().namespace();
        boolean terminal = Ansi.AUTO.enabled();
        switch (format) {
            case JSON -> output.println(Json.of(new ObjectMapper().readTree(json)));
            case HTML -> output.print(new StatusPage(name, namespace).of(health));
            case TEXT ->
                output.print((watch.isPresent() && terminal ? CLEAR : "")
                        + new StatusText(name, namespace, terminal).of(health));
        }
        output.flush();
    }
}
