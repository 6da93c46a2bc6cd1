package io.github.postgresqlha.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The folder that a synthesis writes, file by file: none is ever half old and half new, and none is touched that it did not
 * write itself. What it wrote is listed in the folder, with the installation that the folder belongs to, so that files which
 * disappear from the synthesis disappear from the folder too.
 */
public final class DistFolder {

    private final Place place;
    private final InstallationName installation;
    private final Disk disk;

    /** @param folder need not be there yet */
    public DistFolder(Path folder, InstallationName installation) {
        this(Place.of(folder), installation, new Disk());
    }

    DistFolder(Place place, InstallationName installation, Disk disk) {
        this.place = place;
        this.installation = installation;
        this.disk = disk;
    }

    /**
     * What can be said of the folder before there is anything to write.
     *
     * @throws RefusedFolderException with everything that speaks against writing it
     */
    public void check() throws IOException {
        Collection<String> refusals = new LinkedHashSet<>();
        list(refusals);
        RefusedFolderException.throwIfAny(refusals);
    }

    /**
     * What writing these files would change.
     *
     * @throws RefusedFolderException with everything that speaks against it
     */
    public FileChanges changes(List<DistFile> generated) throws IOException {
        return compare(generated).changes();
    }

    /**
     * Makes the folder hold these files; gives what that changed.
     *
     * @throws RefusedFolderException with everything that speaks against it; then nothing is written
     */
    public FileChanges write(List<DistFile> generated) throws IOException {
        Comparison before = compare(generated);
        disk.createFolders(place.folder());
        FolderLock lock = FolderLock.of(place);
        try {
            // Another synthesis may have written it meanwhile; where there was nothing to do, that one came later.
            Comparison comparison = before.changes().count() == 0 ? before : compare(generated);
            new Writing(disk, place.folder(), comparison).run();
            return comparison.changes();
        } finally {
            lock.close();
        }
    }

    private Comparison compare(List<DistFile> generated) throws IOException {
        Collection<String> refusals = new LinkedHashSet<>();
        GeneratedList before = list(refusals);
        Comparison comparison = Comparison.of(new FolderContents(place, refusals), before, installation, generated);
        RefusedFolderException.throwIfAny(refusals);
        return comparison;
    }

    private GeneratedList list(Collection<String> refusals) throws IOException {
        if (!place.check(refusals)) {
            RefusedFolderException.throwIfAny(refusals);
            return GeneratedList.EMPTY;
        }
        FolderContents contents = new FolderContents(place, refusals);
        GeneratedList list = contents.list();
        contents.checkInstallation(list, installation);
        return list;
    }
}
