package io.novasolve.core.intake;

/**
 * How far the unpacking of one submission may go. What lies beyond is reported, what came before is solved.
 *
 * @param bytes unpacked from one submission, all layers of compression counted
 * @param ratio of unpacked bytes to those of the submission; the first 64 MiB are free
 * @param members of one submission, folders counted
 * @param memberBytes of one picture, and of a zip archive inside of something else that is not as large itself
 * @param depth archives within each other: 1 for an archive of pictures, 2 for archives in an archive
 * @param nameLength of a member's path, in characters
 */
public record UnpackLimits(long bytes, int ratio, int members, long memberBytes, int depth, int nameLength) {

    /** 64 GiB, 1000 times the size, 20 000 members of 2 GB each, archives nested once, names of 1024 characters. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(64L << 30, 1000, 20_000, 2_000_000_000, 2, 1024);

    private static final long FREE_BYTES = 64L << 20;

    /** @throws IllegalArgumentException if a limit is below 1, or names longer than 16384 characters are allowed */
    public UnpackLimits {
        require("bytes", bytes);
        require("ratio", ratio);
        require("members", members);
        require("memberBytes", memberBytes);
        require("depth", depth);
        require("nameLength", nameLength);
        if (nameLength > 1 << 14) {
            throw new IllegalArgumentException("the limit nameLength may be 16384, but is " + nameLength);
        }
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("the limit " + name + " must be 1 or more, but is " + value);
        }
    }

    /** Bytes that may come out of a submission of a given size. */
    long bytesOf(long size) {
        long byRatio = size > Long.MAX_VALUE / ratio ? Long.MAX_VALUE : size * ratio;
        return Math.min(bytes, Math.max(FREE_BYTES, byRatio));
    }

    public UnpackLimits withBytes(long value) {
        return new UnpackLimits(value, ratio, members, memberBytes, depth, nameLength);
    }

    public UnpackLimits withRatio(int value) {
        return new UnpackLimits(bytes, value, members, memberBytes, depth, nameLength);
    }

    public UnpackLimits withMembers(int value) {
        return new UnpackLimits(bytes, ratio, value, memberBytes, depth, nameLength);
    }

    public UnpackLimits withMemberBytes(long value) {
        return new UnpackLimits(bytes, ratio, members, value, depth, nameLength);
    }

    public UnpackLimits withDepth(int value) {
        return new UnpackLimits(bytes, ratio, members, memberBytes, value, nameLength);
    }

    public UnpackLimits withNameLength(int value) {
        return new UnpackLimits(bytes, ratio, members, memberBytes, depth, value);
    }
}
