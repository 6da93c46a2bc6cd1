package io.github.postgresqlha.yaml;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A string in YAML 1.1: plain where it is read as a string again, else in quotes, and several lines as a literal block. What is
 * looked for in each string is looked for without patterns: they took a third of the time of a synthesis.
 *
 * @see <a href="https://github.com/eemeli/yaml">yaml, with which cdk8s writes</a>
 */
final class YamlString {

    /** With a meaning at the beginning. */
    private static final String INDICATORS = "\t ,[]{}#&*!|>'\"%@`";

    /** What YAML 1.1 reads as null, yes or no. */
    private static final Set<String> OTHER_WORDS = Set.of(
            "", "~", "null", "Null", "NULL", "Y", "y", "Yes", "yes", "YES", "True", "true", "TRUE", "On", "on", "ON",
            "N", "n", "No", "no", "NO", "False", "false", "FALSE", "Off", "off", "OFF");

    /**
     * What Go, and so kubectl and Helm, reads as a number once every {@code _} is left out: more prefixes than YAML 1.1 has. cdk8s leaves these without quotes.
     *
     * @see <a href="https://github.com/yaml/go-yaml/blob/v2/resolve.go">resolve.go</a>
     */
    private static final Pattern NUMBER_OF_GO =
            Pattern.compile("[-+]?(0[xX][0-9a-fA-F]+|0[oO][-+]?[0-7]+|0[bB][-+]?[01]+"
                    + "|(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?)");

    /** How what YAML 1.1 reads as a number or a time begins. */
    private static final String NUMBER_STARTS = "+-.0123456789eE";

    private static final Pattern NUMBER = Pattern.compile(String.join(
            "|",
            "[-+]?0b[0-1_]+",
            "[-+]?0[0-7_]+",
            "[-+]?[0-9][0-9_]*",
            "[-+]?0x[0-9a-fA-F_]+",
            "[-+]?\\.(inf|Inf|INF)|\\.nan|\\.NaN|\\.NAN",
            "[-+]?([0-9][0-9_]*)?(\\.[0-9_]*)?[eE][-+]?[0-9]+",
            "[-+]?([0-9][0-9_]*)?\\.[0-9_]*",
            // Possessive: a text of many parts would be a step down the stack for each.
            "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])++(\\.[0-9_]*)?",
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}((t|T|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?"
                    + "([ \t]*(Z|[-+][012]?[0-9](:[0-9]{2})?))?)?"));

    private YamlString() {}

    /** As the key of a mapping whose values are indented so far. */
    static String key(String text, String indent) {
        if (text.contains("\n") || needsEscapes(text)) {
            return YamlQuotes.escaped(text, indent, true);
        }
        boolean marker = text.startsWith("%") || text.startsWith("---") || text.startsWith("...");
        boolean atTop = indent.length() == 2;
        return atTop && marker ? YamlQuotes.of(text, indent) : line(text, indent);
    }

    /** As a value, whose further lines are indented so far. */
    static void value(String text, String indent, StringBuilder yaml) {
        if (needsEscapes(text)) {
            yaml.append(YamlQuotes.escaped(text, indent, false));
        } else if (text.contains("\n")) {
            lines(text, indent, yaml);
        } else {
            yaml.append(line(text, indent));
        }
    }

    /** Characters that do not print, line ends that YAML 1.1 knows beside its own, and halves of a pair. */
    private static boolean needsEscapes(String text) {
        char[] characters = text.toCharArray();
        for (int at = 0; at < characters.length; at++) {
            char character = characters[at];
            if ((character < ' ' && character != '\t' && character != '\n') || YamlQuotes.isHidden(character)) {
                return true;
            }
            if (Character.isSurrogate(character)) {
                at++;
                if (at == characters.length || !Character.isSurrogatePair(character, characters[at])) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String line(String text, String indent) {
        return isOtherType(text) || needsQuotes(text) ? YamlQuotes.of(text, indent) : text;
    }

    private static boolean isOtherType(String text) {
        return OTHER_WORDS.contains(text)
                || (NUMBER_STARTS.indexOf(text.charAt(0)) >= 0
                        && (NUMBER.matcher(text).matches()
                                || NUMBER_OF_GO.matcher(text.replace("_", "")).matches()));
    }

    /** An indicator at the beginning, a comment or a key within, a space at the end. The text is not empty. */
    private static boolean needsQuotes(String text) {
        char first = text.charAt(0);
        boolean item = (first == '-' || first == '?') && (text.length() == 1 || " \t".indexOf(text.charAt(1)) >= 0);
        return item
                || INDICATORS.indexOf(first) >= 0
                || text.contains(": ")
                || text.contains(":\t")
                || text.contains(" #")
                || text.contains("\t#")
                || "\t :".indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    private static void lines(String text, String indent, StringBuilder yaml) {
        int end = text.length();
        while (end > 0 && "\t ".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        if (end > 0 && end < text.length() && text.charAt(end - 1) == '\n') {
            yaml.append(YamlQuotes.of(text, indent));
            return;
        }
        while (end > 0 && "\n\t ".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String after = text.substring(end);
        yaml.append('|').append(indentation(text, end)).append(chomping(text, after));
        yaml.append('\n').append(indent);
        indented(text, after.endsWith("\n") ? text.length() - 1 : text.length(), indent, yaml);
    }

    /** Where the first line begins with a space, nobody could guess the indentation; a tab there is refused without it. */
    private static String indentation(String text, int end) {
        int start = 0;
        while (start < end && text.charAt(start) == '\n') {
            start++;
        }
        return start < end && "\t ".indexOf(text.charAt(start)) >= 0 ? "2" : "";
    }

    private static String chomping(String text, String after) {
        int firstEnd = after.indexOf('\n');
        if (firstEnd < 0) {
            return "-";
        }
        return text.equals(after) || firstEnd != after.length() - 1 ? "+" : "";
    }

    /** The text up to its end. Empty lines stay empty. */
    private static void indented(String text, int end, String indent, StringBuilder yaml) {
        int written = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at + 1 < end; at = text.indexOf('\n', at + 1)) {
            if (text.charAt(at + 1) != '\n') {
                yaml.append(text.substring(written, at + 1)).append(indent);
                written = at + 1;
            }
        }
        yaml.append(text.substring(written, end));
    }
}
