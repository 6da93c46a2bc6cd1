package io.github.postgresqlha.postgresql;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number, with a unit where the parameter has one: without it the number counts the parameter's own unit. Read as the server does: spaces around and
 * between are nothing, {@code 0x} begins a hexadecimal and {@code 0} an octal one.
 *
 * @param whole whether fractions are rounded
 * @param least the smallest one that is taken
 * @param most the largest one
 * @param unit its own, as {@code 8kB} or {@code ms}; empty where it has none
 * @see <a href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/backend/utils/misc/guc.c">parse_int and parse_real</a>
 */
record ParameterNumber(boolean whole, double least, double most, String unit) implements ParameterType {

    private static final Pattern FORM = Pattern.compile("\\s*(?<sign>[-+]?)(?<digits>0[xX][0-9a-fA-F]+"
            + "|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\\s*(?<unit>[a-zA-Z]{0,3})\\s*");

    private static final Pattern OCTAL = Pattern.compile("0[0-9]+");

    private static final Pattern OWN_UNIT = Pattern.compile("(?<count>[0-9]*)(?<unit>[a-zA-Z]+)");

    private static final Map<String, Double> BYTES =
            Map.of("B", 1.0, "kB", 1024.0, "MB", 0x1p20, "GB", 0x1p30, "TB", 0x1p40);

    private static final Map<String, Double> MICROSECONDS =
            Map.of("us", 1.0, "ms", 1e3, "s", 1e6, "min", 6e7, "h", 3.6e9, "d", 8.64e10);

    /** The longest text that is looked at: the server's lines are no longer. */
    private static final int LONGEST = 1000;

    static ParameterNumber parse(String text) {
        String[] parts = text.split(" ", -1);
        return new ParameterNumber(
                parts[0].equals("whole"),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                parts.length > 3 ? parts[3] : "");
    }

    @Override
    public boolean takes(String value) {
        OptionalDouble number = read(value);
        return number.isPresent() && number.getAsDouble() >= least && number.getAsDouble() <= most;
    }

    /** What a text comes to, counted in the parameter's own unit; empty where it is no number for it. */
    OptionalDouble read(String text) {
        Matcher parts = FORM.matcher(text.length() > LONGEST ? "" : text);
        if (!parts.matches()) {
            return OptionalDouble.empty();
        }
        Optional<Double> digits = digits(parts.group("digits"));
        Optional<Double> factor = factor(parts.group("unit"));
        if (digits.isEmpty() || factor.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = (parts.group("sign").equals("-") ? -1 : 1) * digits.get() * factor.get();
        return OptionalDouble.of(whole ? Math.rint(value) : value);
    }

    private Optional<Double> digits(String text) {
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return Optional.of(Double.parseDouble(text + "p0"));
        }
        if (whole && OCTAL.matcher(text).matches()) {
            return text.matches("[0-7]{1,20}") ? Optional.of((double) Long.parseLong(text, 8)) : Optional.empty();
        }
        return Optional.of(Double.parseDouble(text));
    }

    /** How much of the parameter's own unit another one is; empty where it is none of its kind. */
    private Optional<Double> factor(String given) {
        if (given.isEmpty()) {
            return Optional.of(1.0);
        }
        Matcher own = OWN_UNIT.matcher(unit);
        if (!own.matches()) {
            return Optional.empty();
        }
        Map<String, Double> units = BYTES.containsKey(own.group("unit")) ? BYTES : MICROSECONDS;
        double count = own.group("count").isEmpty() ? 1 : Double.parseDouble(own.group("count"));
        return Optional.ofNullable(units.get(given))
                .map(factor -> factor / (count * units.getOrDefault(own.group("unit"), 1.0)));
    }

    @Override
    public String described() {
        String kind = whole ? "a whole number" : "a number";
        String units = BYTES.keySet().stream().anyMatch(unit::endsWith) ? "kB, MB, GB or TB" : "ms, s, min, h or d";
        return kind + " of " + plain(least) + " to " + plain(most)
                + (unit.isEmpty() ? " without a unit" : ", counted in " + unit + ", or with a unit " + units);
    }

    private static String plain(double number) {
        return Math.abs(number) < 1e15
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : String.valueOf(number);
    }
}
