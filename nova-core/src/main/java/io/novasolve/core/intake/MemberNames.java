package io.novasolve.core.intake;

import org.jspecify.annotations.Nullable;

/** The paths of members: never used as a path here, but somebody may write results beside them. */
final class MemberNames {

    private MemberNames() {}

    /** Why a path is refused; null if it is a harmless one. */
    static @Nullable String problem(String path, int maxLength) {
        if (path.isBlank()) {
            return "has no name";
        }
        if (path.length() > maxLength) {
            return "has a name of " + path.length() + " characters, and " + maxLength + " is the limit";
        }
        if (path.startsWith("/") || path.startsWith("\\") || path.matches("[A-Za-z]:.*")) {
            return "has an absolute path: pack it with a relative one";
        }
        for (String part : path.split("[/\\\\]", -1)) {
            if (part.equals("..")) {
                return "has a path that leads out of the archive";
            }
        }
        return null;
    }

    /** A path as it can be shown and stored whatever is in it. */
    static String shown(String path, int maxLength) {
        StringBuilder shown = new StringBuilder();
        path.codePoints()
                .limit(maxLength)
                .map(c -> Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                        ? 0xFFFD
                        : c)
                .forEach(shown::appendCodePoint);
        if (shown.isEmpty()) {
            return "(no name)";
        }
        return path.codePointCount(0, path.length()) > maxLength ? shown + "…" : shown.toString();
    }

    /** What packers add by themselves and nobody means: resource forks and folder settings of macOS and Windows. */
    static boolean isLitter(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith("__MACOSX/")
                || path.contains("/__MACOSX/")
                || name.startsWith("._")
                || name.equals(".DS_Store")
                || name.equals("Thumbs.db")
                || name.equals("desktop.ini");
    }
}
