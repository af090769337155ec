package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator does about a key that others have got hold of. */
@Tag("once")
class LeakedKeysTest {

    private static final String ADMIN_KEY = "administratorkey";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor admin;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "api-key", ADMIN_KEY, "jobs", "0");
        admin = Visitor.signedIn(server, ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String key(HttpResponse<byte[]> page) {
        assertThat(page.statusCode()).as(text(page)).isEqualTo(200);
        Matcher key = Pattern.compile("<code>([a-z]{16})</code>").matcher(text(page));
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    /** The number of an account, as the administrator's page links to it. */
    private static String id(String name) {
        Matcher link =
                Pattern.compile("<a href=\"/users/([0-9]+)\">" + name + "</a>").matcher(text(admin.get("/admin")));
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private static String status(String session) {
        return (String) json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                .get("status");
    }

    private static String login(String key) {
        return (String)
                json(server.call("/api/login", "{\"apikey\": \"" + key + "\"}")).get("status");
    }

    @Test
    void aLockedAccountIsNobodysUntilItGetsANewKey() {
        String leaked = key(admin.submit("/admin/accounts", "name", "alice"));
        String session = server.login(leaked);
        assertThat(status(session)).isEqualTo("success");
        String account = "/admin/accounts/" + id("alice");
        assertThat(text(admin.get("/admin"))).doesNotContain("locked");

        assertThat(admin.submit(account + "/lock").statusCode()).isEqualTo(303);
        assertThat(login(leaked)).isEqualTo("error");
        assertThat(status(session)).isEqualTo("error");
        assertThat(text(admin.get("/admin")))
                .containsPattern("alice</a> \\(locked\\)")
                .contains("<td>lock</td><td>account alice</td>");

        String fresh = key(admin.submit(account + "/key"));
        assertThat(login(fresh)).isEqualTo("success");
        assertThat(login(leaked)).isEqualTo("error");
        assertThat(status(session)).isEqualTo("error");
        assertThat(text(admin.get("/admin")))
                .doesNotContainPattern("alice</a> \\(locked\\)")
                .contains("<td>new key</td><td>account alice</td>")
                .doesNotContain(fresh);
    }

    /** At the next start it would be the key of the settings again. */
    @Test
    void aKeyOfTheSettingsIsChangedThere() {
        String account = "/admin/accounts/" + id("admin");
        for (String path : new String[] {"/account/key", account + "/key", account + "/lock"}) {
            HttpResponse<byte[]> refused = admin.submit(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(text(refused)).contains("in the server&#39;s settings");
        }
        assertThat(login(ADMIN_KEY)).isEqualTo("success");
        assertThat(text(admin.get("/account"))).doesNotContain("action=\"/account/key\"");
        assertThat(text(admin.get("/admin"))).doesNotContain(account + "/");
    }

    @Test
    void nobodysAccountsHaveNoKeys() {
        for (String account : new String[] {"1", "2", "77", "x"}) {
            for (String what : new String[] {"key", "lock"}) {
                assertThat(admin.submit("/admin/accounts/" + account + "/" + what)
                                .statusCode())
                        .as(account + what)
                        .isEqualTo(account.length() > 1 || account.equals("x") ? 404 : 403);
            }
        }
    }

    @Test
    void onlyTheAdministratorMay() {
        String bobs = key(admin.submit("/admin/accounts", "name", "bob"));
        String account = "/admin/accounts/" + id("bob");
        for (Visitor other : new Visitor[] {new Visitor(server), Visitor.signedIn(server, bobs)}) {
            assertThat(other.submit(account + "/key").statusCode()).isEqualTo(403);
            assertThat(other.submit(account + "/lock").statusCode()).isEqualTo(403);
        }
        assertThat(login(bobs)).isEqualTo("success");
    }
}
