package io.github.postgresqlha.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A string in YAML 1.1: plain where it is read as a string again, else in quotes, and several lines as a literal block.
 *
 * @see <a href="https://github.com/eemeli/yaml">yaml, with which cdk8s writes</a>
 */
final class YamlString {

    private static final Pattern NEEDS_ESCAPES = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\uD800-\\uDFFF]");

    /** An indicator at the beginning, a comment or a key within, a space at the end. */
    private static final Pattern NEEDS_QUOTES =
            Pattern.compile("^[\t ,\\[\\]{}#&*!|>'\"%@`]|^[?-]\\z|^[?-][ \t]|:[ \t]|[\t ]#|[\t :]\\z");

    /** What YAML 1.1 reads as null, yes or no, a number or a time. */
    private static final Pattern OTHER_TYPE = Pattern.compile(String.join(
            "|",
            "(~|[Nn]ull|NULL)?",
            "Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON",
            "N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF",
            "[-+]?0b[0-1_]+",
            "[-+]?0[0-7_]+",
            "[-+]?[0-9][0-9_]*",
            "[-+]?0x[0-9a-fA-F_]+",
            "[-+]?\\.(inf|Inf|INF)|\\.nan|\\.NaN|\\.NAN",
            "[-+]?([0-9][0-9_]*)?(\\.[0-9_]*)?[eE][-+]?[0-9]+",
            "[-+]?([0-9][0-9_]*)?\\.[0-9_]*",
            "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?",
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}((t|T|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]+)?"
                    + "([ \t]*(Z|[-+][012]?[0-9](:[0-9]{2})?))?)?"));

    private static final Pattern DOCUMENT_MARKER = Pattern.compile("^(%|---|\\.\\.\\.)");

    private static final Pattern SPACE_AT_THE_END = Pattern.compile("\n[\t ]+\\z");

    private static final Pattern LINE_ENDS = Pattern.compile("\n+(?!\n|\\z)");

    private YamlString() {}

    /** As the key of a mapping whose values are indented so far. */
    static String key(String text, String indent) {
        if (text.contains("\n") || NEEDS_ESCAPES.matcher(text).find()) {
            return YamlQuotes.escaped(text, indent, true);
        }
        boolean atTop = indent.length() == 2;
        return atTop && DOCUMENT_MARKER.matcher(text).find() ? YamlQuotes.of(text, indent) : line(text, indent);
    }

    /** As a value, whose further lines are indented so far. */
    static String value(String text, String indent) {
        if (NEEDS_ESCAPES.matcher(text).find()) {
            return YamlQuotes.escaped(text, indent, false);
        }
        return text.contains("\n") ? lines(text, indent) : line(text, indent);
    }

    private static String line(String text, String indent) {
        boolean plain =
                !NEEDS_QUOTES.matcher(text).find() && !OTHER_TYPE.matcher(text).matches();
        return plain ? text : YamlQuotes.of(text, indent);
    }

    private static String lines(String text, String indent) {
        if (SPACE_AT_THE_END.matcher(text).find()) {
            return YamlQuotes.of(text, indent);
        }
        int end = text.length();
        while (end > 0 && "\n\t ".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String after = text.substring(end);
        String body = text.substring(0, end) + (after.endsWith("\n") ? after.substring(0, after.length() - 1) : after);
        return "|" + indentation(text.substring(0, end)) + chomping(text, after) + "\n" + indent
                + indented(body, indent);
    }

    /** Where the first line begins with a space, nobody could guess the indentation. */
    private static String indentation(String body) {
        int start = 0;
        while (start < body.length() && " \n".indexOf(body.charAt(start)) >= 0) {
            start++;
        }
        return body.substring(0, start).contains(" ") ? "2" : "";
    }

    private static String chomping(String text, String after) {
        int firstEnd = after.indexOf('\n');
        if (firstEnd < 0) {
            return "-";
        }
        return text.equals(after) || firstEnd != after.length() - 1 ? "+" : "";
    }

    /** Empty lines stay empty. */
    private static String indented(String body, String indent) {
        return LINE_ENDS.matcher(body).replaceAll("$0" + Matcher.quoteReplacement(indent));
    }
}
