package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.db.Database;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A server that cannot start says in one sentence what is wrong, where, and what to do; one that can says where it is. */
@Tag("once")
class StartTest {

    @TempDir
    private Path folder;

    /** What is said instead of starting: one line, after what all of them begin with. */
    private String refused(String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine command = new CommandLine(new ServerCommand()).setErr(new PrintWriter(said));
        assertThat(command.execute(arguments)).as(said.toString()).isEqualTo(1);
        assertThat(said.toString()).startsWith("nova-server: cannot start: ").hasLineCount(1);
        return said.toString();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(refused("--host", "127.0.0.1", "--port", port, "--data", data()))
                    .contains("127.0.0.1", "port " + port, "in use", "--port");
        }
    }

    @Test
    void anAddressOfAnotherMachine() {
        assertThat(refused("--host", "192.0.2.1", "--port", "0", "--data", data()))
                .contains("192.0.2.1", "--host");
    }

    @Test
    void aDataFolderThatCannotBe() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(refused("--port", "0", "--data", file.resolve("data").toString()))
                .contains("the data folder " + file.resolve("data"), "--data");
        assertThat(refused("--port", "0", "--data", file.toString())).contains("the data folder " + file, "--data");
    }

    @Test
    void settingsThatCannotBeRead() throws Exception {
        String none = folder.resolve("none.properties").toString();
        assertThat(refused("--config", none)).contains("the settings file " + none, "there is no such file");
        assertThat(refused("--config", folder.toString())).contains("the settings file " + folder);
        Path latin = Files.write(folder.resolve("latin1"), new byte[] {'#', (byte) 0xe4, '\n'});
        assertThat(refused("--config", latin.toString())).contains("the settings file " + latin, "UTF-8");
        String key = folder.resolve("key").toString();
        assertThat(refused("--api-key-file", key)).contains("the file of api-key " + key, "there is no such file");
    }

    @Test
    void aDatabaseThatCannotBeOpened() throws Exception {
        Path notOne = Files.writeString(
                folder.resolve("text.db"), "this is no database, but text as long as a header of one");
        assertThat(refused("--port", "0", "--data", data(), "--store", "sqlite:" + notOne))
                .contains("the database jdbc:sqlite:" + notOne, "not a database", "store");
        int free;
        try (ServerSocket closed = new ServerSocket(0)) {
            free = closed.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + free + "/nova";
        assertThat(refused("--port", "0", "--data", data(), "--store", url + "?user=nova&password=secret"))
                .contains("the database " + url + " cannot be opened", "refused", "store-password")
                .doesNotContain("secret");
    }

    @Test
    void tablesThatCannotBeBroughtUpToDate() throws Exception {
        Path file = folder.resolve("other.db");
        try (Database db = Database.open("jdbc:sqlite:" + file, null, null)) {
            db.write((Handle h) -> h.execute("update server_schema_history set checksum = 1 where version = '1'"));
        }
        assertThat(refused("--port", "0", "--data", data(), "--store", "sqlite:" + file))
                .contains("jdbc:sqlite:" + file, "tables", "checksum mismatch", "copy");
    }

    /** Scripts outside rely on these. */
    @Test
    void theOptionsOfScripts() {
        Set<String> words = new CommandLine(new ServerCommand())
                .getCommandSpec()
                .optionsMap()
                .keySet();
        assertThat(words).contains("--port", "--data", "--store", "--transport", "--index", "--api-key", "--config");
    }

    private static String welcome(String... settings) throws Exception {
        Map<String, String> given = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            given.put(settings[i], settings[i + 1]);
        }
        return String.join("\n", ServerCommand.welcome(ServerConfig.of(Settings.of(given, Map.of(), null)), 8080));
    }

    @Test
    void whereItIsAndWhoMayUseIt() throws Exception {
        assertThat(welcome("host", "127.0.0.1")).isEqualTo("nova-server: listening at http://127.0.0.1:8080/");
        assertThat(welcome("host", "::1")).isEqualTo("nova-server: listening at http://[::1]:8080/");
        assertThat(welcome("host", "localhost")).hasLineCount(1);
        assertThat(welcome("api-key", "secret"))
                .isEqualTo("nova-server: listening at http://localhost:8080/, on all addresses");
        for (String[] open : new String[][] {{}, {"host", "0.0.0.0"}, {"host", "192.0.2.1"}}) {
            assertThat(welcome(open))
                    .hasLineCount(2)
                    .contains("anybody who reaches this machine", "--api-key-file", "--host 127.0.0.1");
        }
    }
}
