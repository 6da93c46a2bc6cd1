package io.github.postgresqlha.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image of every container: named with a tag or digest that says what runs, of the major that the specification names.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/images/#image-names">Image names</a>
 */
final class ImageRules {

    private static final Pattern IMAGE = Pattern.compile(
            "(?:[a-z0-9][a-z0-9.-]*(?::[0-9]+)?/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
                    + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?");

    /** A name of 255 characters, a tag of 128 and a digest are less: what is longer would be too deep for the pattern. */
    private static final int LONGEST = 500;

    private ImageRules() {}

    static void check(PostgresqlHaSpec spec, Violations violations) {
        Matcher image = matcher(spec.image());
        if (!image.matches()) {
            violations.require(
                    false, "image", "is no image name, got '" + spec.image() + "'; write it like postgres:17");
            return;
        }
        String tag = image.group("tag");
        if (tag == null || tag.equals("latest")) {
            violations.require(
                    image.group("digest") != null && tag == null,
                    "image",
                    "must have a tag that says what runs, got '" + spec.image() + "'; write it like postgres:"
                            + spec.postgresVersion());
        } else {
            tag(spec, tag, violations);
        }
    }

    /** An image of another program: a tag or a digest says which. */
    static void requireTag(String path, String value, String example, Violations violations) {
        Matcher image = matcher(value);
        boolean named = image.matches()
                && (image.group("tag") == null
                        ? image.group("digest") != null
                        : !image.group("tag").equals("latest"));
        violations.require(
                named, path, "must have a tag that says what runs, got '" + value + "'; write it like " + example);
    }

    private static Matcher matcher(String image) {
        return IMAGE.matcher(image.length() > LONGEST ? "" : image);
    }

    private static void tag(PostgresqlHaSpec spec, String tag, Violations violations) {
        violations.require(
                !tag.contains("alpine"),
                "image",
                "must be Debian's image, whose user postgres is 999 and which has the programs of the scripts, got '"
                        + spec.image() + "'; write it like postgres:" + spec.postgresVersion());
        String major = tag.split("[^0-9]", 2)[0];
        violations.require(
                major.isEmpty() || major.equals(spec.postgresVersion().toString()),
                "image",
                "must be of postgresVersion " + spec.postgresVersion() + ", got '" + spec.image()
                        + "'; change one of the two, and never on existing data");
    }
}
