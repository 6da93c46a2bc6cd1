package io.github.postgresqlha.dist;

import java.io.IOException;
import java.util.Collection;

/** A folder into which nothing is written, and everything that speaks against it: one line each. */
public final class RefusedFolderException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedFolderException(Collection<String> refusals) {
        super(String.join("\n", refusals));
    }

    static void throwIfAny(Collection<String> refusals) throws RefusedFolderException {
        if (!refusals.isEmpty()) {
            throw new RefusedFolderException(refusals);
        }
    }
}
