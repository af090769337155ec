package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.novasolve.examples.server.http.FormLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where settings come from, and what is wrong with wrong ones. */
class SettingsTest {

    private static final Path COMMENTED =
            Path.of(System.getProperty("nova.root", "../..")).resolve("examples/nova-server/server.properties");

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("server.properties"), text);
    }

    private static ServerConfig config(Map<String, String> given) throws IOException {
        return ServerConfig.of(Settings.of(given, Map.of(), null));
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = file(
                "port = 1\nsite-name = Sterne über Köln\ndata = a\ncors-origins = https://a.example, https://b.example\n");
        Settings settings = Settings.of(
                Map.of("port", "3"), Map.of("NOVA_SERVER_PORT", "2", "NOVA_SERVER_DATA", "b", "PORT", "9"), file);
        ServerConfig config = ServerConfig.of(settings);
        assertThat(config.port()).isEqualTo(3);
        assertThat(config.data()).isEqualTo(Path.of("b"));
        assertThat(config.siteName()).isEqualTo("Sterne über Köln");
        assertThat(config.corsOrigins()).containsExactly("https://a.example", "https://b.example");
        // What is empty holds as not given.
        assertThat(ServerConfig.of(Settings.of(Map.of(), Map.of("NOVA_SERVER_PORT", ""), file("port = 4\n")))
                        .port())
                .isEqualTo(8080);
    }

    @Test
    void secretsMayBeInFilesOfTheirOwn() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "abcdefghijklmnop\n");
        Path password = Files.writeString(folder.resolve("password"), "päss word\n");
        ServerConfig config = ServerConfig.of(Settings.of(
                Map.of(),
                Map.of("NOVA_SERVER_API_KEY_FILE", key.toString()),
                file("store-password-file = " + password.toString().replace("\\", "\\\\") + "\n")));
        assertThat(config.apiKey()).isEqualTo("abcdefghijklmnop");
        assertThat(config.storePassword()).isEqualTo("päss word");
        // With a key the server is not open any more.
        assertThat(config.anonymousUploads()).isFalse();
        // The way that wins is the one whose source wins.
        assertThat(ServerConfig.of(Settings.of(
                                Map.of(),
                                Map.of("NOVA_SERVER_API_KEY_FILE", key.toString()),
                                file("api-key = weaker\n")))
                        .apiKey())
                .isEqualTo("abcdefghijklmnop");
        assertThat(ServerConfig.of(Settings.of(
                                Map.of("api-key", "stronger"),
                                Map.of("NOVA_SERVER_API_KEY_FILE", key.toString()),
                                null))
                        .apiKey())
                .isEqualTo("stronger");
        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(() ->
                        config(Map.of("api-key-file", folder.resolve("none").toString())))
                .withMessageContaining("none");
    }

    @Test
    void whatIsNoSettingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Settings.of(Map.of(), Map.of(), file("prot = 80\n")))
                .withMessageContaining("server.properties has 'prot'");
    }

    @ParameterizedTest
    @CsvSource({
        "port, eighty, port must be a whole number",
        "port, -1, port must be 0 or more",
        "port, 65536, port must be 65535 or less",
        "jobs, 1.5, jobs must be a whole number",
        "jobs, 9999999999, jobs must be 2147483647 or less",
        "max-form-bytes, 3000000000, max-form-bytes must be 2147483647 or less",
        "max-upload-bytes, 0, max-upload-bytes must be 1 or more",
        "behind-proxy, maybe, behind-proxy must be true or false",
    })
    void aWrongValueIsNamed(String name, String value, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(Map.of(name, value)))
                .withMessageContaining(sentence)
                .withMessageContaining(value);
    }

    @Test
    void theCommentedFileHasEverySettingWithWhatHoldsWithoutIt() throws IOException {
        String text = Files.readString(COMMENTED);
        List<MatchResult> lines = Pattern.compile("(?m)^#([a-z-]+) =(.*)$")
                .matcher(text)
                .results()
                .toList();
        assertThat(lines.stream().map(line -> line.group(1)).toList()).doesNotHaveDuplicates();
        assertThat(lines.stream().map(line -> line.group(1)).collect(Collectors.toSet()))
                .isEqualTo(Settings.NAMES);
        Path uncommented = file(
                lines.stream().map(line -> line.group(1) + " =" + line.group(2)).collect(Collectors.joining("\n")));
        assertThat(ServerConfig.of(Settings.of(Map.of(), Map.of(), uncommented)))
                .isEqualTo(config(Map.of()));
    }

    /** Its own tables were never made there. */
    @Test
    void aDatabaseThatTheServerDoesNotKnowIsRefusedWithoutItsPassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config(Map.of("store", "jdbc:mariadb://h/d?user=u&password=secret")))
                .withMessageContaining("jdbc:postgresql://HOST/DATABASE")
                .withMessageNotContaining("secret");
    }

    @Test
    void aLineOfTheCommentedFileThatIsEmptyIsOneThatMayBe() throws IOException {
        // Those with a default that can be written down must not be left empty.
        Set<String> empty = Pattern.compile("(?m)^#([a-z-]+) =\\s*$")
                .matcher(Files.readString(COMMENTED))
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(empty)
                .containsExactlyInAnyOrder(
                        "host",
                        "hosts",
                        "store",
                        "store-user",
                        "store-password",
                        "store-password-file",
                        "index",
                        "engine-config",
                        "catalogues",
                        "ssh-config",
                        "jobs",
                        "api-key",
                        "api-key-file",
                        "anonymous-uploads",
                        "anonymous-uploads-per-minute",
                        "cors-origins");
        ServerConfig config = config(Map.of());
        assertThat(config.limits()).isEqualTo(FormLimits.STANDARD);
        assertThat(config.loginsPerMinute()).isEqualTo(600);
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.anonymousUploads()).isTrue();
    }

    @Test
    void onlyBesideAccountsAreStrangersCounted() throws Exception {
        assertThat(config(Map.of()).strangersUploadsPerMinute()).isZero();
        assertThat(config(Map.of("api-key", "administratorkey")).strangersUploadsPerMinute())
                .isEqualTo(60);
    }
}
