package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the scripts of all clients need: requests byte for byte, polls, and replies as the clients read them. */
final class ClientRequests {

    private final TestServer server;

    ClientRequests(TestServer server) {
        this.server = server;
    }

    String host() {
        return "127.0.0.1:" + server.port();
    }

    /** @param head request line and headers, without the host */
    RawHttp.Response post(String head, byte[] body) throws IOException {
        return RawHttp.post(server.port(), head + "\nHost: " + host() + "\nConnection: close", body);
    }

    RawHttp.Response file(String path, String... headers) throws IOException {
        return RawHttp.get(
                server.port(),
                "GET " + path + " HTTP/1.1\nHost: " + host() + "\n" + String.join("\n", headers)
                        + (headers.length > 0 ? "\n" : "") + "Connection: close");
    }

    Map<String, Object> get(String path) throws IOException {
        return json(file(path));
    }

    static byte[] concat(Object... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object piece : pieces) {
            out.writeBytes(piece instanceof byte[] b ? b : piece.toString().getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> json(RawHttp.Response response) throws IOException {
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        assertThat(response.headers()).containsIgnoringCase("Content-Type: text/plain\r\n");
        return (Map<String, Object>) JsonTree.read(response.text());
    }

    /** The number of what an upload began, whose reply is looked at byte for byte. */
    static int submission(RawHttp.Response upload) throws IOException {
        assertThat(upload.text())
                .matches("\\{\"status\": \"success\", \"subid\": \\d+(, \"hash\": \"[0-9a-f]{40}\")?}");
        return number(json(upload).get("subid"));
    }

    interface Poll {
        boolean isOver() throws IOException;
    }

    /** At most so often, like the client; a little faster than it. */
    static void poll(int times, Poll poll) throws IOException {
        for (int i = 0; i < times; i++) {
            if (poll.isOver()) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new AssertionError("polled " + times + " times in vain");
    }

    static int number(Object value) {
        return Math.toIntExact(((Number) value).longValue());
    }

    /** The first job of a submission, as all but the original's client look for it: an entry that is a number, not null. */
    int awaitFirstJob(int submission) throws IOException {
        int[] job = {0};
        poll(900, () -> {
            Object jobs = get("/api/submissions/" + submission).get("jobs");
            assertThat(jobs).isInstanceOf(List.class);
            List<?> list = (List<?>) jobs;
            job[0] = list.isEmpty() || list.get(0) == null ? 0 : number(list.get(0));
            return job[0] != 0;
        });
        return job[0];
    }

    /** @param meanwhile words that the client knows for a job that goes on */
    void awaitSuccess(int job, String... meanwhile) throws IOException {
        poll(900, () -> {
            String status = (String) get("/api/jobs/" + job).get("status");
            if (!"success".equals(status)) {
                assertThat(status).isIn((Object[]) meanwhile);
            }
            return "success".equals(status);
        });
    }

    static void assertNumbers(Map<String, Object> reply, String... keys) {
        for (String key : keys) {
            assertThat(reply.get(key)).as(key).isInstanceOf(Double.class);
        }
    }

    static String textList(StarList stars) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < stars.size(); i++) {
            text.append(stars.x(i)).append(' ').append(stars.y(i)).append('\n');
        }
        return text.toString();
    }
}
