package io.novasolve.examples.server.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Knows how many requests are under way, so that a server that stops can wait for them. Thread-safe. */
final class UnderWay extends Handler.Wrapper {

    private final Object lock = new Object();
    private int all;
    private int posts;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        int post = request.getMethod().equals("POST") ? 1 : 0;
        count(1, post);
        Request.addCompletionListener(request, failure -> count(-1, -post));
        return super.handle(request, response, callback);
    }

    private void count(int one, int post) {
        synchronized (lock) {
            all += one;
            posts += post;
            lock.notifyAll();
        }
    }

    /**
     * Waits until none is left, or time is up.
     *
     * @param onlyPosts those that may change something, without streams of news, which end only with their page
     */
    void awaitNone(boolean onlyPosts, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while ((onlyPosts ? posts : all) > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return;
                }
                lock.wait(left);
            }
        }
    }
}
