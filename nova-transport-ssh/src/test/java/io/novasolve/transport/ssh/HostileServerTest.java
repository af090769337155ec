package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.QuadMatch;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.stars.StarList;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that send what no server should. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class HostileServerTest {

    private static final StarField FIELD = StarField.known(11);
    private static final TransferLimits SMALL = new TransferLimits(1 << 20, 4 << 20, 20, 1 << 20);

    @TempDir
    Path folder;

    private MinaServer sshd;

    /** Sends bytes for ever. */
    private interface Sender {
        void send(OutputStream out, OutputStream err) throws IOException;
    }

    private SshTransport against(Sender sender) throws Exception {
        sshd = new MinaServer(folder, (in, out, err) -> {
            sender.send(out, err);
            err.flush();
            out.flush();
            return 0;
        });
        return SshTransport.builder(sshd.address().build())
                .limits(SMALL)
                .attempts(1)
                .build();
    }

    @AfterEach
    void halt() throws Exception {
        if (sshd != null) {
            sshd.close();
        }
    }

    private void assertRefused(Kind kind, String words, Sender sender) throws Exception {
        try (SshTransport transport = against(sender)) {
            assertThatThrownBy(() -> transport.solve(
                            new SolveTask(7, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOfSatisfying(SshTransportException.class, e -> {
                        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
                        assertThat(e.getMessage()).contains(words);
                    });
        }
    }

    private static byte[] tar(TarArchiveEntry... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (TarArchiveEntry entry : entries) {
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void peersThatHangUpBetweenTwoStepsOfTheHandshake() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread peer = new Thread(() -> hangUpForEver(socket));
            peer.start();
            SshServer server =
                    SshServer.at("127.0.0.1").port(socket.getLocalPort()).build();
            for (int i = 0; i < 60; i++) {
                try (SshTransport transport =
                        SshTransport.builder(server).attempts(1).build()) {
                    assertThatThrownBy(() -> transport.solve(
                                    new SolveTask(7, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                            .isInstanceOfSatisfying(SshTransportException.class, e -> assertThat(e.kind())
                                    .isEqualTo(Kind.UNREACHABLE));
                }
            }
            socket.close();
            peer.join();
        }
    }

    /** Says its version and hangs up, until the socket is closed. */
    private static void hangUpForEver(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.getOutputStream().write("SSH-2.0-Hasty\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client may be gone already, and at the end the socket is.
                if (!socket.isClosed()) {
                    System.out.println("HostileServerTest: a hasty peer met " + e);
                }
            }
        }
    }

    @Test
    void namesOutsideTheFolder() throws Exception {
        for (String name : List.of("../wcs.fits", "/etc/passwd", "a/b", ".profile", "x".repeat(5000))) {
            byte[] tar = tar(new TarArchiveEntry(name, true));
            assertRefused(Kind.RUBBISH, "name", (out, err) -> out.write(tar));
            sshd.close();
        }
    }

    @Test
    void linksDevicesAndFolders() throws Exception {
        for (byte type : new byte[] {
            TarConstants.LF_SYMLINK,
            TarConstants.LF_LINK,
            TarConstants.LF_CHR,
            TarConstants.LF_BLK,
            TarConstants.LF_FIFO,
            TarConstants.LF_DIR
        }) {
            TarArchiveEntry entry = new TarArchiveEntry("wcs.fits", type);
            entry.setLinkName("/etc/passwd");
            byte[] tar = tar(entry);
            assertRefused(Kind.RUBBISH, "regular file", (out, err) -> out.write(tar));
            sshd.close();
        }
    }

    @Test
    void aLargeFile() throws Exception {
        TarArchiveEntry entry = new TarArchiveEntry("wcs.fits");
        entry.setSize(10L << 30);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        TarArchiveOutputStream tar = new TarArchiveOutputStream(header);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
        tar.putArchiveEntry(entry);
        tar.flush();
        byte[] begin = Arrays.copyOf(header.toByteArray(), 512);

        assertRefused(Kind.LIMIT_EXCEEDED, "wcs.fits has", (out, err) -> {
            out.write(begin);
            forever(out, new byte[1 << 15]);
        });
    }

    @Test
    void zerosForEver() throws Exception {
        assertRefused(Kind.LIMIT_EXCEEDED, "longer", (out, err) -> forever(out, new byte[1 << 15]));
    }

    @Test
    void aMillionMembers() throws Exception {
        byte[] one = Arrays.copyOf(tar(new TarArchiveEntry("a")), 512);
        byte[] two = Arrays.copyOf(tar(new TarArchiveEntry("b")), 512);

        assertRefused(Kind.LIMIT_EXCEEDED, "20 members", (out, err) -> {
            out.write(one);
            forever(out, two);
        });
    }

    @Test
    void aLogWithoutAnEnd() throws Exception {
        assertRefused(
                Kind.LIMIT_EXCEEDED,
                "log",
                (out, err) -> forever(err, "blah\n".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void noTarAtAll() throws Exception {
        byte[] text = "Welcome to the solver\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        try (SshTransport transport = against((out, err) -> out.write(text))) {
            assertThatThrownBy(() -> transport.solve(
                            new SolveTask(7, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOf(SshTransportException.class);
        }
    }

    @Test
    void nothing() throws Exception {
        assertRefused(
                Kind.SERVER_FAILED,
                "without results",
                (out, err) -> err.write("boom\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Map<String, byte[]> truth() {
        QuadMatch match = new QuadMatch("index-x", 0, 0, List.of(), List.of(), 0, 50, 10, 0, 0, 10, 10);
        return SolutionFiles.write(new Solution(FIELD.truth(), match, List.of(), List.of()), FIELD.stars());
    }

    private static byte[] wire(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WireTar.write(files, bytes);
        return bytes.toByteArray();
    }

    @Test
    void halfAWcs() throws Exception {
        byte[] whole = truth().get(SolutionFiles.WCS);
        byte[] tar = wire(Map.of(SolutionFiles.WCS, Arrays.copyOf(whole, whole.length / 2)));
        assertRefused(Kind.RUBBISH, "no answer", (out, err) -> out.write(tar));
    }

    @Test
    void aTarThatIsCutOff() throws Exception {
        byte[] tar = wire(new LinkedHashMap<>(truth()));
        assertRefused(Kind.RUBBISH, "cut off", (out, err) -> out.write(tar, 0, 700));
    }

    @Test
    void theAnswerToAnotherJob() throws Exception {
        byte[] tar = wire(truth());
        assertRefused(Kind.RUBBISH, "job-nova-8", (out, err) -> {
            err.write("nova-server: solving job-nova-8\n".getBytes(StandardCharsets.US_ASCII));
            out.write(tar);
        });
    }

    /** The original's script does not say which job it solves: what the solution says must do. */
    @Test
    void theSolutionOfAnotherPicture() throws Exception {
        StarList stars = FIELD.stars();
        StarList larger =
                StarList.of(stars.width() + 100, stars.height(), new double[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4});
        byte[] tar = wire(truth());
        try (SshTransport transport = against((out, err) -> out.write(tar))) {
            assertThatThrownBy(() ->
                            transport.solve(new SolveTask(7, larger, SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOfSatisfying(SshTransportException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.RUBBISH))
                    .hasMessageContaining("it is for a picture of");
        }
    }

    @Test
    void theSolutionOfOtherStars() throws Exception {
        byte[] ours = wire(with(0));
        try (SshTransport transport = against((out, err) -> out.write(ours))) {
            assertThat(transport.solve(new SolveTask(7, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOf(SolveOutcome.Solved.class);
        }
        sshd.close();
        byte[] foreign = wire(with(2));
        assertRefused(Kind.RUBBISH, "stars are not among those that were sent", (out, err) -> out.write(foreign));
    }

    /** The truth with ten matched stars, so many pixels beside where they were sent. */
    private static Map<String, byte[]> with(double offPx) {
        List<MatchedStar> matched = new ArrayList<>();
        List<ReferenceStar> references = new ArrayList<>();
        for (int row = 0; row < 10; row++) {
            PixelPosition place = new PixelPosition(
                    FIELD.stars().x(row) + offPx, FIELD.stars().y(row));
            SkyPosition sky = FIELD.truth().centre();
            matched.add(new MatchedStar(place, sky, place, sky, row, row, 1));
            references.add(new ReferenceStar(sky, 8));
        }
        QuadMatch match = new QuadMatch("index-x", 0, 0, List.of(), List.of(), 0, 50, 10, 0, 0, 10, 10);
        return SolutionFiles.write(new Solution(FIELD.truth(), match, matched, references), FIELD.stars());
    }

    @Test
    void anHonestAnswerPasses() throws Exception {
        byte[] tar = wire(Map.of("backend.log", new byte[] {'x'}));
        TestContext context = TestContext.patient();
        try (SshTransport transport = against((out, err) -> {
            err.write("nova-server: progress depth=7 indexes=3 quads=100 logodds=5.25\nhello\n"
                    .getBytes(StandardCharsets.US_ASCII));
            err.write("nova-server: unsolved timeout: too hard\n".getBytes(StandardCharsets.US_ASCII));
            err.flush();
            out.write(tar);
        })) {
            SolveOutcome outcome = transport.solve(new SolveTask(7, FIELD.stars(), SolveOptions.defaults()), context);
            assertThat(outcome).isInstanceOfSatisfying(SolveOutcome.Unsolved.class, u -> {
                assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT);
                assertThat(u.detail()).isEqualTo("too hard");
            });
            assertThat(context.lines()).contains("hello");
            assertThat(context.news()).anySatisfy(p -> assertThat(p.depth()).isEqualTo(7));
        }
    }

    private static void forever(OutputStream out, byte[] bytes) throws IOException {
        while (true) {
            out.write(bytes);
        }
    }
}
