package io.novasolve.examples.server;

import io.novasolve.examples.server.json.JsonTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Submissions to a server that is killed ({@code kill -9}) again and again: {@code -Dnova.kill.submissions=1000
 * -Dnova.kill.kills=10}. All must end solved or unsolved, none may be lost, and who polls notices nothing but refusals. Run
 * it as a program; it fails with a status other than 0.
 */
public final class KillSoak {

    private static final int SUBMISSIONS = Integer.getInteger("nova.kill.submissions", 1000);
    private static final int KILLS = Integer.getInteger("nova.kill.kills", 10);
    private static final long SEED = Long.getLong("nova.test.seed", 20261124);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Path data;
    private final ServerProcess process;
    private final int port;
    private final byte[] picture;
    private Process server;
    private int refusals;
    private long longestRefusal;

    private KillSoak() throws IOException {
        data = Files.createTempDirectory("nova-kill-");
        process = new ServerProcess(data);
        port = process.port();
        picture = Files.readAllBytes(TestServer.sample());
        server = process.start();
    }

    /** Prints what happened. */
    public static void main(String[] args) throws Exception {
        KillSoak soak = new KillSoak();
        try {
            soak.run();
        } finally {
            soak.server.destroyForcibly().waitFor();
        }
    }

    private void run() throws Exception {
        System.out.println(SUBMISSIONS + " submissions, " + KILLS + " kills, seed " + SEED);
        Random random = new Random(SEED);
        long begin = System.nanoTime();
        String session = (String)
                call("/api/login", "request-json={\"apikey\":\"soak\"}").get("session");
        List<Integer> submissions = new ArrayList<>();
        int kills = 0;
        for (int i = 0; i < SUBMISSIONS; i++) {
            submissions.add(submit(session, i));
            if (kills < KILLS && i >= (kills + 1) * SUBMISSIONS / (KILLS + 1)) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3000));
                server.destroyForcibly().waitFor();
                server = process.start();
                kills++;
            }
        }
        int solved = 0;
        int unsolved = 0;
        for (int submission : submissions) {
            if (outcome(submission).equals("success")) {
                solved++;
            } else {
                unsolved++;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%.0f s: %d solved, %d not, %d kills; %d calls refused, the longest refusal %.1f s%n",
                (System.nanoTime() - begin) / 1e9,
                solved,
                unsolved,
                kills,
                refusals,
                longestRefusal / 1e9);
        if (solved != SUBMISSIONS || submissions.stream().distinct().count() != SUBMISSIONS) {
            throw new IllegalStateException("the picture solves, but some of these submissions did not: " + data);
        }
    }

    /** An upload that is refused was not taken, as far as its client knows: it is sent again. */
    private int submit(String session, int number) throws Exception {
        byte[] mark = (" " + number).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(picture, picture.length + mark.length);
        System.arraycopy(mark, 0, bytes, picture.length, mark.length);
        byte[] head = ("--bb\r\nContent-Disposition: form-data; name=\"request-json\"\r\n\r\n{\"session\":\"" + session
                        + "\"}\r\n--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + number
                        + ".jpg\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--bb--\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + bytes.length + tail.length);
        System.arraycopy(bytes, 0, body, head.length, bytes.length);
        System.arraycopy(tail, 0, body, head.length + bytes.length, tail.length);
        Map<String, Object> reply = send("/api/upload", "multipart/form-data; boundary=bb", body);
        return TestServer.submission(reply);
    }

    private String outcome(int submission) throws Exception {
        while (true) {
            Map<String, Object> status = call("/api/submissions/" + submission, "");
            if (status.containsKey("error_message")) {
                throw new IllegalStateException("submission " + submission + ": " + status);
            }
            if (status.get("jobs") instanceof List<?> jobs && !jobs.isEmpty() && jobs.get(0) instanceof Number job) {
                String state = String.valueOf(call("/api/jobs/" + job, "").get("status"));
                if (!state.equals("solving")) {
                    return state;
                }
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private Map<String, Object> call(String path, String form) throws Exception {
        return send(path, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    }

    /** Tries until there is an answer; anything but a refusal is a failure. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> send(String path, String type, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", type)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        long begin = System.nanoTime();
        while (true) {
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
                }
                return (Map<String, Object>) JsonTree.read(response.body());
            } catch (IOException e) {
                refusals++;
                longestRefusal = Math.max(longestRefusal, System.nanoTime() - begin);
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }
}
