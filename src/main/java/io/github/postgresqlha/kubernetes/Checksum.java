package io.github.postgresqlha.kubernetes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A content checksum for a pod template's annotation: it changes, and so the pods restart, exactly with the content. */
public final class Checksum {

    /** The annotation of the pods that must restart when the checksum changes. */
    public static final String RESTART_ANNOTATION = "postgresqlha.github.io/restart-checksum";

    private Checksum() {}

    /** SHA-256, in hexadecimal. */
    public static String of(String content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
