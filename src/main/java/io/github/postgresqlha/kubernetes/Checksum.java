package io.github.postgresqlha.kubernetes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A content checksum for a pod template's annotation: it changes, and so the pods restart, exactly with the content. */
public final class Checksum {

    /** The annotation of the pods that must restart when the checksum changes. */
    public static final String RESTART_ANNOTATION = "postgresqlha.github.io/restart-checksum";

    private static final int REMEMBERED = 8;

    /** The last ones: members of one installation, and most installations, run the same programs with the same parameters. */
    private static final Map<List<String>, String> LAST = Collections.synchronizedMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
            return size() > REMEMBERED;
        }
    });

    private Checksum() {}

    /** SHA-256 of the parts one after the other, in hexadecimal. */
    public static String of(String... parts) {
        return LAST.computeIfAbsent(List.of(parts), Checksum::sum);
    }

    private static String sum(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> digest.update(part.getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
