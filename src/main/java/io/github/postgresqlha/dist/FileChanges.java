package io.github.postgresqlha.dist;

import java.util.List;

/**
 * In what a folder differs from what it should hold: paths below it, sorted.
 *
 * @param repairs whether an earlier synthesis was interrupted, and left old files beside new ones
 */
public record FileChanges(List<String> added, List<String> changed, List<String> removed, boolean repairs) {

    public FileChanges {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** How many files differ. */
    public int count() {
        return added.size() + changed.size() + removed.size();
    }
}
