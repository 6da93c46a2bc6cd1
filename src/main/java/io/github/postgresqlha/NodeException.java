package io.github.postgresqlha;

import java.nio.file.FileSystemException;

/** Node, through which cdk8s works, did not start. */
public final class NodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NodeException(Throwable failure) {
        super(
                "cannot start cdk8s in node (" + reason(failure)
                        + "); install Node.js 20 or newer, and let it write to the home folder and to TMPDIR",
                failure);
    }

    /** Of the first failure that is more than a wrapper of another one. */
    private static String reason(Throwable failure) {
        Throwable told = failure;
        while (told.getCause() != null && told.getCause().toString().equals(told.getMessage())) {
            told = told.getCause();
        }
        String message = told instanceof FileSystemException ? told.toString() : String.valueOf(told.getMessage());
        return message.strip().lines().findFirst().orElse("it says nothing");
    }
}
