package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShellStyleTest {

    private static final List<String> IN_PODS = List.of(
            "src/main/resources/io/github/postgresqlha/script", "src/main/resources/io/github/postgresqlha/overlay");

    private static final List<String> PROGRAMS =
            List.of("src/main/resources/io/github/postgresqlha/dist", ".ci", "e2e", "bench", "check", "pgha");

    /** Asked for by a cd that follows CDPATH. */
    private static final Pattern OWN_FOLDER = Pattern.compile("\\$\\(cd |(?m:^)cd -- \"\\$\\(dirname");

    @Test
    void shellcheck_finds_nothing() {
        Tool.Result result = Tool.require("bin/shellcheck").run(with("--enable=all"));
        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void shfmt_changes_nothing() {
        Tool.Result result = Tool.require("bin/shfmt").run(with("-i", "2", "-d"));
        assertThat(result.status()).as(result.output()).isZero();
    }

    /** Where CDPATH is exported, cd prints where it went, or goes elsewhere. In a pod nobody has exported it. */
    @Test
    void programs_find_their_own_folder_whatever_CDPATH_says() {
        assertThat(scripts(PROGRAMS)
                        .filter(file -> OWN_FOLDER.matcher(Project.read(file)).find()))
                .isEmpty();
    }

    private static Stream<Path> files(Path place) {
        return Files.isRegularFile(place)
                ? Stream.of(place)
                : Project.filesBelow(place).stream().map(place::resolve);
    }

    private static Stream<Path> scripts(List<String> places) {
        return places.stream()
                .map(Project::file)
                .flatMap(ShellStyleTest::files)
                .filter(file -> Project.read(file)
                        .matches("(?s)(#!/usr/bin/env bash|#!/bin/sh|# shellcheck shell=(bash|sh)).*"));
    }

    private static List<String> with(String... options) {
        return Stream.of(
                        Stream.of(options),
                        scripts(IN_PODS).map(Path::toString),
                        scripts(PROGRAMS).map(Path::toString))
                .flatMap(Function.identity())
                .toList();
    }
}
