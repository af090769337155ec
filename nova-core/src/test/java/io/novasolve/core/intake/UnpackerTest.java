package io.novasolve.core.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of archives and compressed files, good, bad and hostile. */
@Timeout(120)
class UnpackerTest {

    private static final byte[] A = picture(1);
    private static final byte[] B = picture(2);
    private static final byte[] C = picture(3);

    private final InMemoryContentStore content = new InMemoryContentStore();

    /** Bytes that look like a PNG and do not shrink. */
    private static byte[] picture(int seed) {
        byte[] bytes = new byte[3000];
        new Random(seed).nextBytes(bytes);
        System.arraycopy(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, 0, bytes, 0, 8);
        return bytes;
    }

    private static Map<String, byte[]> members(Object... namesAndBytes) {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndBytes.length; i += 2) {
            members.put((String) namesAndBytes[i], (byte[]) namesAndBytes[i + 1]);
        }
        return members;
    }

    private List<NewImage> unpack(byte[] bytes, String name) throws Exception {
        return unpack(bytes, name, UnpackLimits.DEFAULT);
    }

    private List<NewImage> unpack(byte[] bytes, String name, UnpackLimits limits) throws Exception {
        return new Unpacker(content, limits).unpack(content.put(bytes), name, () -> {});
    }

    private byte[] bytes(NewImage image) throws IOException {
        try (InputStream in = content.open(image.content().hash())) {
            return in.readAllBytes();
        }
    }

    private static List<String> good(List<NewImage> images) {
        return images.stream()
                .filter(i -> i.ended() == null)
                .map(NewImage::fileName)
                .toList();
    }

    /** Reasons by name of what failed. */
    private static Map<String, String> bad(List<NewImage> images) {
        return images.stream()
                .filter(i -> i.ended() != null)
                .collect(Collectors.toMap(
                        NewImage::fileName, i -> ((JobReport.Failed) i.ended().result()).message()));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aCompressedPictureIsUnpackedAndKeepsItsName(Compression kind) throws Exception {
        List<NewImage> images = unpack(Archives.compressed(kind, A), "m31.fits" + extension(kind));

        assertThat(good(images)).containsExactly("m31.fits");
        assertThat(bytes(images.get(0))).isEqualTo(A);
        assertThat(images.get(0).content().size()).isEqualTo(A.length);
    }

    private static String extension(Compression kind) {
        return switch (kind) {
            case GZIP -> ".GZ";
            case BZIP2 -> ".bz2";
            case XZ -> ".xz";
            case ZSTD -> ".zst";
            case COMPRESS -> ".Z";
        };
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyMemberOfACompressedTarIsAnImage(Compression kind) throws Exception {
        byte[] tar = Archives.tar(members("night/a.png", A, "night/2/ü.png", B, "c.fits.gz", Archives.gzip(C)));

        List<NewImage> images = unpack(Archives.compressed(kind, tar), "night.tar" + extension(kind));

        assertThat(good(images)).containsExactly("night/a.png", "night/2/ü.png", "c.fits");
        assertThat(bytes(images.get(1))).isEqualTo(B);
        assertThat(bytes(images.get(2))).isEqualTo(C);
    }

    @Test
    void everyMemberOfAZipIsAnImage() throws Exception {
        List<NewImage> images = unpack(
                Archives.zip(members("a.png", A, "folder/", new byte[0], "folder/b.fits.gz", Archives.gzip(B))),
                "night.zip");

        assertThat(good(images)).containsExactly("a.png", "folder/b.fits");
        assertThat(bytes(images.get(1))).isEqualTo(B);
    }

    @Test
    void anArchiveMayHoldArchivesOnce() throws Exception {
        byte[] inner = Archives.gzip(Archives.tar(members("b.png", B)));
        byte[] zip = Archives.zip(members("c.png", C));

        List<NewImage> images = unpack(Archives.zip(members("a.png", A, "one.tgz", inner, "two.zip", zip)), "all.zip");

        assertThat(good(images)).containsExactly("a.png", "one.tar/b.png", "two.zip/c.png");
        assertThat(bad(images)).isEmpty();
    }

    @Test
    void anArchiveInAnArchiveInAnArchiveIsReportedAndTheRestIsSolved() throws Exception {
        byte[] third = Archives.zip(members("c.png", C));
        byte[] second = Archives.tar(members("b.png", B, "third.zip", third));

        List<NewImage> images = unpack(Archives.zip(members("second.tar", second, "a.png", A)), "all.zip");

        assertThat(good(images)).containsExactly("second.tar/b.png", "a.png");
        assertThat(bad(images)).hasSize(1);
        assertThat(bad(images).get("second.tar/third.zip"))
                .startsWith("second.tar/third.zip is an archive inside of 2 others");
    }

    @Test
    void aFileThatIsNeitherIsItsOwnImage() throws Exception {
        for (byte[] bytes : List.of(A, new byte[0], new byte[10_000], "1 2\n3 4\n".getBytes(StandardCharsets.UTF_8))) {
            Content stored = content.put(bytes);
            assertThat(new Unpacker(content, UnpackLimits.DEFAULT).unpack(stored, "any.zip", () -> {}))
                    .containsExactly(new NewImage("any.zip", stored));
        }
    }

    /** Pictures that begin with the letters of a compression, or whose header would add up like that of a tar. */
    @Test
    void picturesAreNotMistaken() {
        byte[] fits = String.format(java.util.Locale.ROOT, "%-512s", "SIMPLE  =                    T")
                .getBytes(StandardCharsets.US_ASCII);
        long sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : fits[i];
        }
        System.arraycopy(
                String.format(java.util.Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII),
                0,
                fits,
                148,
                8);
        assertThat(Heads.isTar(fits)).isFalse();
        fits[0] = 'X';
        System.arraycopy(
                String.format(java.util.Locale.ROOT, "%06o\0 ", sum - 'S' + 'X').getBytes(StandardCharsets.US_ASCII),
                0,
                fits,
                148,
                8);
        assertThat(Heads.isTar(fits)).isTrue();
        assertThat(Compression.of("BZh91 stars and more".getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
    }

    @Test
    void goodMembersAreSolvedAndEachBadOneIsReportedByName() throws Exception {
        byte[] broken = Arrays.copyOf(Archives.gzip(B), 1000);
        byte[] tar = Archives.tar(members(
                "a.png", A,
                "broken.fits.gz", broken,
                "empty.fit", new byte[0],
                "../../etc/cron.d/x", B,
                "/etc/passwd", B,
                "..\\windows\\x", B,
                "C:/x", B,
                "__MACOSX/._a.png", B,
                "twice.gz", Archives.gzip(Archives.gzip(B)),
                "c.png", C));

        List<NewImage> images = unpack(tar, "night.tar");

        assertThat(good(images)).containsExactly("a.png", "c.png");
        assertThat(bad(images))
                .containsOnlyKeys(
                        "broken.fits.gz",
                        "empty.fit",
                        "../../etc/cron.d/x",
                        "/etc/passwd",
                        "..\\windows\\x",
                        "C:/x",
                        "twice.gz");
        assertThat(bad(images).get("broken.fits.gz"))
                .startsWith("broken.fits.gz ")
                .contains("damaged or cut off");
        assertThat(bad(images).get("../../etc/cron.d/x")).contains("leads out of the archive");
        assertThat(bad(images).get("/etc/passwd")).contains("absolute path");
        assertThat(bad(images).get("twice.gz")).contains("compressed twice");
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK,
                TarConstants.LF_FIFO
            })
    void linksAndDevicesOfATarAreReported(byte type) throws Exception {
        List<NewImage> images = unpack(Archives.tarOf(type, "strange", A), "a.tar");

        assertThat(good(images)).containsExactly("good.png");
        assertThat(bad(images)).containsOnlyKeys("strange");
        assertThat(bad(images).get("strange")).containsPattern("is a (link|device), not a file");
    }

    @Test
    void linksAndEncryptedMembersOfAZipAreReported() throws Exception {
        assertThat(bad(unpack(Archives.zipWithLink(A), "a.zip")).get("link")).contains("is a link");
        byte[] zip = Archives.zip(members("secret.png", A, "open.png", B));

        List<NewImage> images = unpack(Archives.markedAsEncrypted(zip, "secret.png"), "b.zip");

        assertThat(good(images)).containsExactly("open.png");
        assertThat(bad(images).get("secret.png")).contains("is encrypted");
    }

    @Test
    void namesAreCutAndCleaned() throws Exception {
        String endless = "x".repeat(5000);
        List<NewImage> images = unpack(
                Archives.tar(members(endless, A, "bell\u0007\n.png", B)),
                "a.tar",
                UnpackLimits.DEFAULT.withNameLength(100));

        assertThat(good(images)).containsExactly("bell\uFFFD\uFFFD.png");
        assertThat(bad(images)).containsOnlyKeys("x".repeat(100) + "…");
    }

    @Test
    void aTarThatIsCutOffGivesWhatCameBefore() throws Exception {
        byte[] tar = Archives.tar(members("a.png", A, "b.png", B, "c.png", C));
        byte[] packed = Archives.gzip(tar);

        for (byte[] cut : List.of(Arrays.copyOf(tar, 6000), Arrays.copyOf(packed, packed.length - 1500))) {
            List<NewImage> images = unpack(cut, "cut.tar");
            assertThat(good(images)).contains("a.png").doesNotContain("c.png");
            assertThat(bad(images)).containsKey("cut.tar");
            assertThat(bad(images).get("cut.tar")).contains("damaged or cut off");
        }
    }

    @Test
    void whatGivesNoImageAtAllIsRefused() throws Exception {
        byte[] zip = Archives.zip(members("a.png", A));
        Map<String, byte[]> hopeless = new LinkedHashMap<>(members(
                "empty.tar", Archives.tar(members("folder/", new byte[0])),
                "empty.zip", Archives.zip(Map.of()),
                "cut.zip", Arrays.copyOf(zip, 200),
                "cut.gz", Arrays.copyOf(Archives.gzip(A), 100)));
        for (Map.Entry<String, byte[]> e : hopeless.entrySet()) {
            assertThatThrownBy(() -> unpack(e.getValue(), e.getKey()))
                    .as(e.getKey())
                    .isInstanceOf(UnreadableInputException.class)
                    .hasMessageStartingWith(e.getKey() + " ")
                    .message()
                    .doesNotContainPattern(UnpackFuzzTest.OF_PROGRAMS);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aBombIsLeftWhenItsLimitIsReached(Compression kind) throws Exception {
        byte[] bomb = Archives.compressed(kind, new byte[9 << 20]);

        assertThatThrownBy(() -> unpack(bomb, "bomb.gz", UnpackLimits.DEFAULT.withBytes(8 << 20)))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("bomb.gz was not unpacked to its end")
                .hasMessageContaining("8388608 bytes, the limit for one submission");
        assertThat(content.size()).as("nothing of it is kept").isEqualTo(1);
    }

    @Test
    void aBombIsToldByItsRatioToo() throws Exception {
        byte[] bomb = Archives.gzip(new byte[65 << 20]);

        assertThatThrownBy(() -> unpack(bomb, "bomb.gz", UnpackLimits.DEFAULT.withRatio(10)))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("10 times its own size");
    }

    @Test
    void aBombInAnArchiveCostsWhatComesBehindIt() throws Exception {
        byte[] bomb = Archives.gzip(new byte[10 << 20]);
        byte[] zip = Archives.zip(members("a.png", A, "bomb.gz", bomb, "c.png", C));

        List<NewImage> images = unpack(zip, "z.zip", UnpackLimits.DEFAULT.withBytes(5 << 20));

        assertThat(good(images)).containsExactly("a.png");
        assertThat(bad(images).get("z.zip")).contains("more than 5242880 bytes, the limit for one submission");
    }

    @Test
    void aPictureThatIsTooLargeCostsOnlyItself() throws Exception {
        byte[] zip = Archives.zip(members("a.png", A, "large.fits", new byte[1 << 20], "c.png", C));
        byte[] tar = Archives.tar(members("a.png", A, "large.fits", new byte[1 << 20], "c.png", C));

        for (byte[] archive : List.of(zip, tar)) {
            List<NewImage> images = unpack(archive, "z", UnpackLimits.DEFAULT.withMemberBytes(100_000));
            assertThat(good(images)).containsExactly("a.png", "c.png");
            assertThat(bad(images).get("large.fits")).contains("larger than 100000 bytes");
        }
    }

    @Test
    void aHundredThousandEmptyMembersEndAtTheLimit() throws Exception {
        Map<String, byte[]> many = new LinkedHashMap<>();
        for (int i = 0; i < 100_000; i++) {
            many.put("m" + i, new byte[0]);
        }
        for (byte[] archive : List.of(Archives.zip(many), Archives.tar(many))) {
            List<NewImage> images = unpack(archive, "many");
            assertThat(good(images)).isEmpty();
            assertThat(images).hasSizeLessThanOrEqualTo(20_001);
            assertThat(bad(images).get("many")).contains("20000 members");
        }
    }

    /** A tar whose long name goes on for ever: it must not be collected in memory. */
    @Test
    void anEndlessNameIsCutOff() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        byte[] header = Arrays.copyOf(Archives.tar(members("././@LongLink", new byte[0])), 512);
        System.arraycopy("00777777777\0".getBytes(StandardCharsets.US_ASCII), 0, header, 124, 12);
        header[156] = 'L';
        Arrays.fill(header, 148, 156, (byte) ' ');
        long sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        System.arraycopy(
                String.format(java.util.Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII),
                0,
                header,
                148,
                8);
        tar.write(header);
        tar.write("a".repeat(3 << 20).getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> unpack(Archives.gzip(tar.toByteArray()), "endless.tar.gz"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("bytes of headers");
    }

    @Test
    void severalGzipStreamsInARowAreOne() throws Exception {
        byte[] first = Archives.gzip(Arrays.copyOf(A, 1000));
        byte[] second = Archives.gzip(Arrays.copyOfRange(A, 1000, A.length));
        byte[] both = Arrays.copyOf(first, first.length + second.length + 512);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThat(bytes(unpack(both, "a.png.gz").get(0)))
                .as("zeros behind it are no harm")
                .isEqualTo(A);
    }

    @Test
    void aContentStoreThatFailsIsNobodysFaultButItsOwn() throws Exception {
        byte[] tar = Archives.tar(members("a.png", A));
        Content stored = content.put(tar);
        var broken = new io.novasolve.core.spi.ContentStore() {
            @Override
            public Content put(InputStream bytes) throws IOException {
                throw new IOException("the disk is full");
            }

            @Override
            public InputStream open(io.novasolve.core.model.ContentHash hash) throws IOException {
                return content.open(hash);
            }

            @Override
            public boolean contains(io.novasolve.core.model.ContentHash hash) {
                return true;
            }

            @Override
            public boolean touch(io.novasolve.core.model.ContentHash hash) {
                return true;
            }

            @Override
            public List<io.novasolve.core.model.ContentHash> contents(
                    io.novasolve.core.model.ContentHash after, int limit) {
                return List.of();
            }

            @Override
            public boolean delete(io.novasolve.core.model.ContentHash hash, java.time.Duration notPutFor) {
                return true;
            }
        };
        assertThatThrownBy(() -> new Unpacker(broken, UnpackLimits.DEFAULT).unpack(stored, "a.tar", () -> {}))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("the disk is full");
        assertThatThrownBy(() -> new Unpacker(new InMemoryContentStore(), UnpackLimits.DEFAULT)
                        .unpack(stored, "a.tar", () -> {}))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aPictureByItselfMayBeNoLargerThanOneOfAnArchive() throws Exception {
        UnpackLimits limits = UnpackLimits.DEFAULT.withMemberBytes(A.length);
        assertThat(unpack(A, "a.png", limits)).hasSize(1);
        assertThatThrownBy(() -> unpack(Arrays.copyOf(A, A.length + 1), "b.png", limits))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessage("b.png is larger than " + A.length + " bytes, the limit for one picture");
    }

    /** It would lie in a temporary file as a whole. */
    @Test
    void aZipInsideOfSomethingElseHasALimit() throws Exception {
        UnpackLimits limits = UnpackLimits.DEFAULT.withMemberBytes(30_000);
        byte[] zeros = new byte[20_000];
        byte[] archive = Archives.zip(members("1.png", zeros, "2.png", zeros));
        // A zip archive in which the same byte comes again and again behind its end is still one.
        byte[] padded = Arrays.copyOf(archive, 40_000);
        byte[] noise = new byte[20_000];
        new Random(5).nextBytes(noise);

        assertThat(unpack(Archives.gzip(archive), "a.zip.gz", limits)).hasSize(2);
        assertThatThrownBy(() -> unpack(Archives.gzip(padded), "b.zip.gz", limits))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("is a zip archive of more than 30000 bytes inside of something else");
        assertThat(unpack(Archives.zip(members("1.png", noise, "2.png", noise)), "c.zip", limits))
                .hasSize(2);
    }

    @Test
    void whoIsNotWantedAnyMoreStopsBetweenMembers() throws Exception {
        Content stored = content.put(Archives.tar(members("a.png", A, "b.png", B)));
        assertThatThrownBy(() -> new Unpacker(content, UnpackLimits.DEFAULT).unpack(stored, "a.tar", () -> {
                    throw new InterruptedException("cancelled");
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void limitsCheckThemselves() {
        assertThat(Stream.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        () -> UnpackLimits.DEFAULT.withBytes(0),
                        () -> UnpackLimits.DEFAULT.withRatio(-1),
                        () -> UnpackLimits.DEFAULT.withMembers(0),
                        () -> UnpackLimits.DEFAULT.withDepth(0),
                        () -> UnpackLimits.DEFAULT.withNameLength(1 << 20)))
                .allSatisfy(call -> assertThatThrownBy(call)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the limit"));
    }
}
