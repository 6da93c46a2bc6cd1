package io.github.postgresqlha.spec;

import java.util.regex.Pattern;

/** Ranges of addresses, as NetworkPolicies name them. */
public final class Cidr {

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|3[0-2])|[0-9a-f:]*:[0-9a-f:]*/[0-9]{1,3}");

    private Cidr() {}

    /** Whether a text is one. */
    public static boolean matches(String text) {
        return FORM.matcher(text).matches();
    }
}
