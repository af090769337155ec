package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from configurations; no network is asked. */
class SshConfigTest {

    @TempDir
    Path folder;

    private SshConfig config(String text) throws IOException {
        return SshConfig.of(Files.writeString(folder.resolve("config"), text));
    }

    private SshServer server(String text, String alias) throws IOException {
        return config(text).server(alias);
    }

    @Test
    void theFirstValueCounts() throws Exception {
        SshServer server = server(
                """
                Host one two
                  HostName %h.example.org
                  User first
                  Port=2201
                  ConnectTimeout 7
                Host *
                  HostName elsewhere
                  User second
                  Port 2202
                  ConnectTimeout 8
                  ServerAliveInterval 10
                  ServerAliveCountMax 4
                """,
                "two");
        assertThat(server.host()).isEqualTo("two.example.org");
        assertThat(server.user()).isEqualTo("first");
        assertThat(server.port()).isEqualTo(2201);
        assertThat(server.connectTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(server.deadPeerAfter()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void namesOfHostsHaveWildcardsAndNegations() throws Exception {
        String text =
                """
                Host solver? !solver9
                  Port 2201
                Match user somebody
                  Port 2209
                Match all
                  Port 2202
                """;
        assertThat(server(text, "solver1").port()).isEqualTo(2201);
        assertThat(server(text, "solver9").port()).isEqualTo(2202);
        assertThat(server(text, "solver").port()).isEqualTo(2202);
        assertThat(server(text, "solver10").port()).isEqualTo(2202);
    }

    @Test
    void whatIsGivenWithTheNameCountsMost() throws Exception {
        SshServer server = server("User first\nPort 2201\n", "me@solver:2300");
        assertThat(server.host()).isEqualTo("solver");
        assertThat(server.user()).isEqualTo("me");
        assertThat(server.port()).isEqualTo(2300);
    }

    @Test
    void filesOfKeysAndHostsAreFound() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "");
        Path hosts = folder.resolve("hosts");
        String text = "IdentityFile %s/missing\nIdentityFile %s\nUserKnownHostsFile %s \"%s two\"\n"
                .formatted(folder, key, hosts, hosts);
        assertThat(server(text, "x").identities()).containsExactly(key);
        assertThat(server(text, "x").knownHosts()).containsExactly(hosts, Path.of(hosts + " two"));
        Path missing = folder.resolve("missing");
        assertThat(server("IdentityFile " + missing, "x").identities()).containsExactly(missing);
    }

    private SshServer server(String text, Map<String, String> environment) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), text);
        return new SshConfig(file, environment::get).server("x");
    }

    @Test
    void anAgentIsThatOfTheEnvironmentUnlessSomethingElseIsSaid() throws Exception {
        Map<String, String> both = Map.of("SSH_AUTH_SOCK", "/run/usual", "OTHER", "/run/other");
        Path usual = Path.of("/run/usual");
        assertThat(server("", both).agent()).isEqualTo(usual);
        assertThat(server("", Map.of()).agent()).isNull();
        assertThat(server("IdentityAgent none\nIdentityAgent /run/late\n", both).agent())
                .isNull();
        assertThat(server("IdentityAgent SSH_AUTH_SOCK\n", both).agent()).isEqualTo(usual);
        assertThat(server("IdentityAgent $OTHER\n", both).agent()).isEqualTo(Path.of("/run/other"));
        assertThat(server("IdentityAgent ${MISSING}\n", both).agent()).isNull();
        assertThat(server("IdentityAgent \"~/my agent\"\n", both).agent())
                .isEqualTo(Path.of(System.getProperty("user.home"), "my agent"));
        assertThat(server("", both).identitiesOnly()).isFalse();
        assertThat(server("IdentitiesOnly yes\n", both).identitiesOnly()).isTrue();
    }

    /** The private key is only in the agent. */
    @Test
    void aPublicKeyAloneNamesAKey() throws Exception {
        Files.writeString(folder.resolve("key.pub"), "");
        Path key = folder.resolve("key");
        assertThat(server("IdentityFile %s/missing\nIdentityFile %s\n".formatted(folder, key), "x")
                        .identities())
                .containsExactly(key);
    }

    @Test
    void timesHaveUnits() throws Exception {
        SshServer server = server("ConnectTimeout 1m30s\nServerAliveInterval 2M\nServerAliveCountMax 2\n", "x");
        assertThat(server.connectTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(server.deadPeerAfter()).isEqualTo(Duration.ofMinutes(4));
        assertThat(server("ServerAliveInterval 0\n", "x").deadPeerAfter()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatFollowsANumberSignIsAComment() throws Exception {
        String text = "Host one # two\n  User me # not you\n  UserKnownHostsFile /a \"/b #c\" # /d\n";
        assertThat(server(text, "one").user()).isEqualTo("me");
        assertThat(server(text, "one").knownHosts()).containsExactly(Path.of("/a"), Path.of("/b #c"));
        assertThat(server(text, "two").knownHosts()).doesNotContain(Path.of("/a"));
    }

    @Test
    void addressesOfSixteenBytesHaveBrackets() throws Exception {
        SshServer server = server("Host ::3\n  ProxyJump ssh://me@[::1]:2300,[fe80::2]\n", "::3");
        assertThat(server.host()).isEqualTo("::3");
        assertThat(server.jumps()).first().hasToString("me@[::1]:2300");
        assertThat(server.jumps()).extracting(SshServer::host).containsExactly("::1", "fe80::2");
        assertThat(server("", "[::4]:2301").port()).isEqualTo(2301);
        assertThat(server("", "[::4]:2301").host()).isEqualTo("::4");
    }

    /** As with ssh: who is reached through another of the list is not reached through those of its own entry. */
    @Test
    void onlyTheFirstJumpHasJumpsOfItsOwn() throws Exception {
        String text =
                """
                Host solver
                  ProxyJump one,two
                Host one
                  ProxyJump gate
                Host two
                  ProxyJump one
                """;
        assertThat(server(text, "solver").jumps()).extracting(SshServer::host).containsExactly("gate", "one", "two");
    }

    @Test
    void includesFollowWildcardsInFoldersToo() throws Exception {
        Files.createDirectories(folder.resolve("conf.d/a"));
        Files.createDirectories(folder.resolve("conf.d/b"));
        Files.writeString(folder.resolve("conf.d/a/ssh"), "Host other\n  Port 2201\n");
        Files.writeString(folder.resolve("conf.d/b/ssh"), "Host solver\n  Port 2202\n");
        assertThat(server("Include %s/conf.d/*/ssh %s/none/*/ssh\n".formatted(folder, folder), "solver")
                        .port())
                .isEqualTo(2202);
    }

    @Test
    void otherEncodingsDoNotMatter() throws Exception {
        Path file = folder.resolve("latin");
        Files.write(file, "# Größe\nHost solver\n  Port 2203\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(SshConfig.of(file).server("solver").port()).isEqualTo(2203);
    }

    @Test
    void whatMakesNoSenseIsSaidWithTheFile() throws Exception {
        String file = folder.resolve("config").toString();
        assertBad("Port many\n", "Port", "is no number: many", file);
        assertBad("Port 65536\n", "Port", "at most 65535", file);
        assertBad("ConnectTimeout 5x\n", "ConnectTimeout", "is no time", file);
        assertBad("Port 0\n", "Port", "at least 1", file);
        assertBad("ConnectTimeout 0\n", "ConnectTimeout", "at least 1", file);
        assertBad("ServerAliveInterval x\n", "ServerAliveInterval", "is no time", file);
        assertBad("Include " + file + "\n", "Include goes round in circles", file);
        assertBad("ProxyJump other\n", "ProxyJump", "goes round in circles", file);
        assertThatThrownBy(() -> SshConfig.of(folder.resolve("missing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing or not readable");
    }

    private void assertBad(String text, String... words) {
        assertThatThrownBy(() -> server(text, "solver"))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
