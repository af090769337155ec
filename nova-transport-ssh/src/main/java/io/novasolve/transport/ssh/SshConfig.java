package io.novasolve.transport.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ssh client configuration that users have already, as far as a solve server needs it: {@code Host} with wildcards and
 * negation, {@code Match all}, {@code Include}, {@code HostName}, {@code Port}, {@code User}, {@code IdentityFile},
 * {@code IdentityAgent} (otherwise the agent of {@code SSH_AUTH_SOCK}), {@code IdentitiesOnly}, {@code ProxyJump},
 * {@code ConnectTimeout}, {@code ServerAliveInterval}, {@code ServerAliveCountMax}, {@code UserKnownHostsFile}. As in OpenSSH
 * the first value found counts, and identity files add up. Other keywords are passed over; other kinds of {@code Match} never
 * match.
 */
public final class SshConfig {

    private static final String AGENT = "SSH_AUTH_SOCK";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");
    /** An address in brackets and perhaps a port, or a name and a port. */
    private static final Pattern PLACE = Pattern.compile("\\[([^\\[\\]]+)](?::(\\d{1,5}))?|([^:]+):(\\d{1,5})");

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}+)([smhdw]?+)");
    private static final Pattern TIMES = Pattern.compile("(?:" + TIME + ")++");
    private static final int DEEPEST_INCLUDE = 16;
    private static final int DEEPEST_JUMP = 8;
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z0-9]+)(?:\\s*=\\s*|\\s+)(.*?)\\s*");

    private final Path file;
    private final UnaryOperator<@Nullable String> environment;

    private SshConfig(Path file) {
        this(file, System::getenv);
    }

    SshConfig(Path file, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** {@code ~/.ssh/config}, which need not exist. */
    public static SshConfig ofUser() {
        return new SshConfig(SshServer.home(".ssh", "config"));
    }

    /** @throws IOException if there is no such file */
    public static SshConfig of(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("the ssh configuration " + file + " is missing or not readable");
        }
        return new SshConfig(file);
    }

    /**
     * What the configuration says of a host.
     *
     * @param alias as it would be given to {@code ssh}; {@code user@host:port} too
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if a value makes no sense; the message names the file
     */
    public SshServer server(String alias) throws IOException {
        return builder(alias, 0, true).build();
    }

    private SshServer.Builder builder(String target, int depth, boolean jumps) throws IOException {
        String user = null;
        String port = null;
        String alias = target;
        int at = alias.lastIndexOf('@');
        if (at >= 0) {
            user = alias.substring(0, at);
            alias = alias.substring(at + 1);
        }
        Matcher place = PLACE.matcher(alias);
        if (place.matches()) {
            boolean address = place.group(1) != null;
            alias = address ? place.group(1) : place.group(3);
            port = address ? place.group(2) : place.group(4);
        }
        Found found = new Found(alias);
        if (Files.exists(file)) {
            found.read(file, true, 0);
        }
        String host = found.first("hostname", alias).replace("%h", alias);
        SshServer.Builder server = SshServer.at(host).name(alias);
        String portText = port != null ? port : found.first("port", "22");
        server.port(number("Port", portText, 1, 65_535));
        String login = user != null ? user : found.values.get("user");
        if (login != null) {
            server.user(login);
        }
        String loginName = login == null ? System.getProperty("user.name") : login;
        for (String identity : found.identities) {
            Path key = path(identity, host, loginName);
            // As with OpenSSH, a file that is not there is no error as long as another one is.
            if (found.identities.size() == 1 || Files.exists(key) || Files.exists(Login.publicKey(key))) {
                server.identity(key);
            }
        }
        server.agent(agent(found.first("identityagent", AGENT), host, loginName));
        server.identitiesOnly(found.first("identitiesonly", "no").matches("(?i)yes|true"));
        for (String known : words(found.first("userknownhostsfile", ""))) {
            server.knownHosts(path(known, host, loginName));
        }
        times(found, server);
        String jump = found.first("proxyjump", "none");
        if (jumps && !jump.equalsIgnoreCase("none")) {
            if (depth == DEEPEST_JUMP) {
                throw new IllegalArgumentException(file + ": ProxyJump of " + alias + " goes round in circles");
            }
            boolean first = true;
            for (String one : jump.split(",", -1)) {
                // Who is reached through another of the list needs no jumps of its own.
                SshServer through = builder(one.trim().replaceFirst("^ssh://", ""), depth + 1, first)
                        .build();
                through.jumps().forEach(server::jump);
                server.jump(through);
                first = false;
            }
        }
        return server;
    }

    /** A socket, or the variable that names it. */
    private @Nullable Path agent(String text, String host, String user) {
        if (text.equalsIgnoreCase("none")) {
            return null;
        }
        Matcher variable = VARIABLE.matcher(text);
        if (!text.equals(AGENT) && !variable.matches()) {
            return path(text, host, user);
        }
        String socket = environment.apply(text.equals(AGENT) ? AGENT : variable.group(1));
        return socket == null || socket.isBlank() ? null : Path.of(socket);
    }

    private void times(Found found, SshServer.Builder server) {
        String connect = found.first("connecttimeout", "none");
        if (!connect.equalsIgnoreCase("none")) {
            server.connectTimeout(Duration.ofSeconds(seconds("ConnectTimeout", connect, 1)));
        }
        long interval = seconds("ServerAliveInterval", found.first("serveraliveinterval", "0"), 0);
        int count = number("ServerAliveCountMax", found.first("serveralivecountmax", "3"), 1, 1_000_000);
        if (interval > 0) {
            server.deadPeerAfter(Duration.ofSeconds(Math.max(3L, interval * count)));
        }
    }

    private int number(String keyword, String text, int least, int most) {
        try {
            return (int) within(keyword, Integer.parseInt(text), least, most);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(keyword + " in " + file + " is no number: " + text, e);
        }
    }

    /** A sum of numbers with units, as sshd_config(5) has it. */
    private long seconds(String keyword, String text, int least) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!TIMES.matcher(lower).matches()) {
            throw new IllegalArgumentException(keyword + " in " + file + " is no time such as 30 or 1m30s: " + text);
        }
        long sum = 0;
        Matcher m = TIME.matcher(lower);
        while (m.find()) {
            Duration unit =
                    switch (m.group(2)) {
                        case "m" -> Duration.ofMinutes(1);
                        case "h" -> Duration.ofHours(1);
                        case "d" -> Duration.ofDays(1);
                        case "w" -> Duration.ofDays(7);
                        default -> Duration.ofSeconds(1);
                    };
            sum += Long.parseLong(m.group(1)) * unit.toSeconds();
        }
        return within(keyword, sum, least, Integer.MAX_VALUE);
    }

    private long within(String keyword, long value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(keyword + " in " + file + " is "
                    + (value < least ? "at least " + least : "at most " + most) + ", not " + value);
        }
        return value;
    }

    private static Path path(String text, String host, String user) {
        String home = System.getProperty("user.home");
        String full = text.startsWith("~/") ? home + text.substring(1) : text;
        return Path.of(full.replace("%d", home)
                .replace("%h", host)
                .replace("%r", user)
                .replace("%u", System.getProperty("user.name"))
                .replace("%%", "%"));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher m = WORD.matcher(text);
        while (m.find() && (m.group(1) != null || !m.group(2).startsWith("#"))) {
            words.add(m.group(1) != null ? m.group(1) : m.group(2));
        }
        return words;
    }

    /** What was found for one host so far. */
    private static final class Found {
        private final String alias;
        private final Map<String, String> values = new HashMap<>();
        private final Set<String> identities = new java.util.LinkedHashSet<>();

        private Found(String alias) {
            this.alias = alias;
        }

        private String first(String keyword, String otherwise) {
            String value = values.get(keyword);
            return value == null ? otherwise : value;
        }

        private void read(Path file, boolean active, int depth) throws IOException {
            if (depth > DEEPEST_INCLUDE) {
                throw new IllegalArgumentException(file + ": Include goes round in circles");
            }
            boolean applies = active;
            // Any bytes: names in another encoding do not keep the rest from being read.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            for (String line : text.split("\\R")) {
                Matcher m = LINE.matcher(line);
                if (line.isBlank() || line.stripLeading().startsWith("#") || !m.matches()) {
                    continue;
                }
                String keyword = m.group(1).toLowerCase(Locale.ROOT);
                List<String> words = words(m.group(2));
                switch (keyword) {
                    case "host" -> applies = active && matches(words);
                    case "match" ->
                        applies = active && words.size() == 1 && words.get(0).equalsIgnoreCase("all");
                    case "include" -> {
                        if (applies) {
                            include(words, depth);
                        }
                    }
                    default -> {
                        if (applies && !words.isEmpty()) {
                            take(keyword, words, m.group(2));
                        }
                    }
                }
            }
        }

        private void take(String keyword, List<String> words, String rest) {
            if (keyword.equals("identityfile")) {
                identities.add(words.get(0));
            } else {
                values.putIfAbsent(keyword, keyword.equals("userknownhostsfile") ? rest : words.get(0));
            }
        }

        private void include(List<String> patterns, int depth) throws IOException {
            for (String pattern : patterns) {
                Path path = path(pattern, alias, "");
                Path whole = path.isAbsolute() ? path : SshServer.home(".ssh").resolve(path);
                Set<Path> files = new TreeSet<>(List.of(Objects.requireNonNull(whole.getRoot())));
                for (Path name : whole) {
                    files = inside(files, name.toString());
                }
                for (Path file : files) {
                    read(file, true, depth + 1);
                }
            }
        }

        /** Files of a name, which may have wildcards, in some folders. */
        private static Set<Path> inside(Set<Path> folders, String name) throws IOException {
            Set<Path> found = new TreeSet<>();
            for (Path folder : folders) {
                if (!name.matches(".*[*?\\[{].*")) {
                    Optional.of(folder.resolve(name)).filter(Files::exists).ifPresent(found::add);
                } else if (Files.isDirectory(folder)) {
                    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, name)) {
                        all.forEach(found::add);
                    }
                }
            }
            return found;
        }

        private boolean matches(List<String> patterns) {
            boolean matches = false;
            for (String pattern : patterns) {
                boolean negated = pattern.startsWith("!");
                if (glob(negated ? pattern.substring(1) : pattern)
                        .matcher(alias)
                        .matches()) {
                    if (negated) {
                        return false;
                    }
                    matches = true;
                }
            }
            return matches;
        }

        private static Pattern glob(String pattern) {
            StringBuilder regex = new StringBuilder();
            for (char c : pattern.toCharArray()) {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(regex.toString());
        }
    }
}
