package io.novasolve.examples.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.accounts.Accounts;
import io.novasolve.examples.server.accounts.Session;
import io.novasolve.examples.server.accounts.Sessions;
import io.novasolve.examples.server.api.Viewer;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.http.FormReader;
import io.novasolve.examples.server.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What all routes need of a request and a response. */
public final class Web {

    public static final String SESSION_COOKIE = "NovaSession";

    private final FormReader forms;
    private final Sessions sessions;
    private final Accounts accounts;
    private final Limits limits;
    private final boolean anonymousUploads;
    private final boolean behindProxy;

    /**
     * How often things may be done.
     *
     * @param uploads of an account
     * @param strangersUploads of an address without one
     * @param logins of an address, right and wrong ones
     */
    public record Limits(RateLimit uploads, RateLimit strangersUploads, RateLimit logins) {}

    /**
     * @param anonymousUploads whether the page takes pictures of people who have not signed in
     * @param behindProxy whether a proxy in front tells who the client is
     */
    Web(
            FormReader forms,
            Sessions sessions,
            Accounts accounts,
            Limits limits,
            boolean anonymousUploads,
            boolean behindProxy) {
        this.forms = forms;
        this.sessions = sessions;
        this.accounts = accounts;
        this.limits = limits;
        this.anonymousUploads = anonymousUploads;
        this.behindProxy = behindProxy;
    }

    /** The form of a request, without files; empty if it has none. */
    public Form form(Context ctx) throws IOException {
        return form(ctx, fields -> false);
    }

    /** @param keepsFiles whether files are kept, by the fields before them */
    public Form form(Context ctx, Predicate<Map<String, String>> keepsFiles) throws IOException {
        return form(ctx, false, keepsFiles);
    }

    /** One that may have a star list among its fields. */
    Form longForm(Context ctx, Predicate<Map<String, String>> keepsFiles) throws IOException {
        return form(ctx, true, keepsFiles);
    }

    private Form form(Context ctx, boolean isLong, Predicate<Map<String, String>> keepsFiles) throws IOException {
        return switch (ctx.method().name()) {
            case "POST", "PUT" ->
                forms.read(ctx.req().getContentType(), ctx.req().getInputStream(), isLong, keepsFiles);
            default -> Form.EMPTY;
        };
    }

    public Optional<Session> cookieSession(Context ctx) {
        String key = ctx.cookie(SESSION_COOKIE);
        return key == null ? Optional.empty() : sessions.use(key);
    }

    public Viewer viewer(Context ctx) {
        return new Viewer(cookieSession(ctx).orElse(null));
    }

    /** Whom a picture sent by the page belongs to; null if the client must sign in first. */
    public @Nullable Account submitter(Context ctx) {
        Account account = viewer(ctx).account();
        return account != null || !anonymousUploads
                ? account
                : accounts.byId(Account.ANONYMOUS).orElse(null);
    }

    /**
     * Who looks, at pages and at the files that they show alike. Where anybody may submit without a name, the hidden pictures
     * of nobody are everybody's.
     */
    public @Nullable Account onlooker(Context ctx) {
        Account account = viewer(ctx).account();
        return account != null || !accounts.isOpen() ? account : submitter(ctx);
    }

    /** Whether anybody may submit. */
    boolean isOpen() {
        return accounts.isOpen();
    }

    /** What is left of uploads: to an account, or to an address if there is none to tell people apart. */
    public RateLimit.Share uploads(Context ctx, @Nullable Account account) {
        return account == null || account.isAnonymous()
                ? limits.strangersUploads().of(network(address(ctx)))
                : limits.uploads().of(Integer.toString(account.id()));
    }

    /** What is left of logins. */
    public RateLimit.Share logins(Context ctx) {
        return limits.logins().of(network(address(ctx)));
    }

    /** Whose address it is: who has one of IPv6 has 2 to the power of 64. */
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // With a colon it is never looked up.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == 16
                    ? HexFormat.of().formatHex(bytes, 0, 8)
                    : HexFormat.of().formatHex(bytes);
        } catch (UnknownHostException e) {
            // What a proxy says that is no address.
            return address;
        }
    }

    /** Whether the client sees this server by https. */
    public boolean isSecure(Context ctx) {
        return "https".equals(ctx.req().getScheme())
                || behindProxy && "https".equalsIgnoreCase(ctx.header("X-Forwarded-Proto"));
    }

    /** Whether a page of somebody else sends the request, as far as browsers tell; other programs say nothing of it. */
    boolean isFromElsewhere(Context ctx) {
        String site = ctx.header("Sec-Fetch-Site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String origin = ctx.header("Origin");
        return origin != null && !origin.equals((isSecure(ctx) ? "https://" : "http://") + ctx.header("Host"));
    }

    public void setSession(Context ctx, String key) {
        cookie(ctx, SESSION_COOKIE, key, Sessions.LIFE.toSeconds(), "Lax");
    }

    public void cookie(Context ctx, String name, String value, long maxAgeSeconds, String sameSite) {
        ctx.res()
                .addHeader(
                        "Set-Cookie",
                        name + "=" + value + "; Path=/; Max-Age=" + maxAgeSeconds + "; HttpOnly; SameSite=" + sameSite
                                + (isSecure(ctx) ? "; Secure" : ""));
    }

    /** The address of the client. */
    public String address(Context ctx) {
        String forwarded = behindProxy ? ctx.header("X-Forwarded-For") : null;
        if (forwarded == null) {
            return ctx.req().getRemoteAddr();
        }
        // The proxy appends the address that it saw; what stands before it anybody may have written.
        String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
        return last.length() <= 100 ? last : last.substring(0, 100);
    }

    /** What reads only: GET and POST are the same to it, and HEAD gives the head of what they give. */
    static void reading(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.post(path, handler);
        routes.head(path, handler);
    }

    public static void json(Context ctx, Map<String, ?> reply) {
        send(ctx, "text/plain", JsonText.of(reply).getBytes(StandardCharsets.US_ASCII));
    }

    public static void html(Context ctx, int status, String page) {
        ctx.status(status);
        send(ctx, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    public static void text(Context ctx, byte[] text) {
        send(ctx, "text/plain; charset=utf-8", text);
    }

    public static void send(Context ctx, String type, byte[] body) {
        send(ctx, type, body.length, new ByteArrayInputStream(body));
    }

    /** @param body is closed when it has been sent, or nobody reads it any more */
    static void send(Context ctx, String type, long length, InputStream body) {
        ctx.res().setContentType(type);
        ctx.res().setContentLengthLong(length);
        ctx.future(() -> Sending.begin(body, ctx.res()));
    }

    public static void download(Context ctx, String type, @Nullable String fileName, byte[] body) {
        if (fileName != null) {
            ctx.header("Content-Disposition", "attachment; filename=" + fileName);
        }
        send(ctx, type, body);
    }

    /** The id in a path; empty if there can be no such thing. */
    public static Optional<Integer> id(Context ctx) {
        String text = ctx.pathParam("id");
        if (text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long id = Long.parseLong(text);
        return id >= 1 && id <= Integer.MAX_VALUE ? Optional.of((int) id) : Optional.empty();
    }
}
