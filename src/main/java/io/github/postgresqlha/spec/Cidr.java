package io.github.postgresqlha.spec;

import java.util.regex.Pattern;

/** Ranges of addresses, as NetworkPolicies name them. */
final class Cidr {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + BYTE + "\\.){3}" + BYTE + "/(3[0-2]|[12]?[0-9])");

    private static final Pattern IPV6 = Pattern.compile("([0-9a-fA-F:]+)/(12[0-8]|1[01][0-9]|[1-9]?[0-9])");
    private static final Pattern GROUPS = Pattern.compile("[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*");
    private static final int ALL_GROUPS = 8;

    /** The longest address of version 6 and its prefix: what is longer would be too deep for the pattern. */
    private static final int LONGEST = 43;

    private Cidr() {}

    /** Whether a text is one. */
    static boolean matches(String text) {
        return text.length() <= LONGEST && (IPV4.matcher(text).matches() || isIpv6(text));
    }

    /** Whether a range is all addresses of its family, whichever of them it names. */
    static boolean isEverywhere(String range) {
        return range.endsWith("/0");
    }

    private static boolean isIpv6(String text) {
        if (!IPV6.matcher(text).matches()) {
            return false;
        }
        String[] halves = text.substring(0, text.indexOf('/')).split("::", -1);
        int groups = 0;
        for (String half : halves) {
            if (!half.isEmpty() && !GROUPS.matcher(half).matches()) {
                return false;
            }
            groups += half.isEmpty() ? 0 : half.split(":", -1).length;
        }
        return halves.length == 1 ? groups == ALL_GROUPS : halves.length == 2 && groups < ALL_GROUPS;
    }
}
