package io.github.postgresqlha.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.postgresqlha.testing.Project;
import io.github.postgresqlha.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShellStyleTest {

    private static final List<String> PLACES = List.of(
            "src/main/resources/io/github/postgresqlha/script",
            "src/main/resources/io/github/postgresqlha/dist",
            "src/main/resources/io/github/postgresqlha/overlay",
            ".ci",
            "e2e",
            "bench",
            "check",
            "pgha");

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

    private static Stream<Path> files(Path place) {
        return Files.isRegularFile(place)
                ? Stream.of(place)
                : Project.filesBelow(place).stream().map(place::resolve);
    }

    private static List<String> with(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        PLACES.stream()
                .map(Project::file)
                .flatMap(ShellStyleTest::files)
                .filter(file -> Project.read(file)
                        .matches("(?s)(#!/usr/bin/env bash|#!/bin/sh|# shellcheck shell=(bash|sh)).*"))
                .map(Path::toString)
                .forEach(arguments::add);
        return arguments;
    }
}
