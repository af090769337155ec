package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("once")
class CombinerTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The sizes of what was answered together. */
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

    private final CountDownLatch begun = new CountDownLatch(1);
    private final Semaphore allowed = new Semaphore(0);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Answers with the double; the first call waits until it is allowed to go on. */
    private List<Integer> doubles(List<Integer> numbers) {
        boolean first = sizes.isEmpty();
        sizes.add(numbers.size());
        begun.countDown();
        if (first) {
            allowed.acquireUninterruptibly();
        }
        if (numbers.contains(13)) {
            throw new IllegalArgumentException("13 is not wanted");
        }
        return numbers.stream().map(n -> 2 * n).toList();
    }

    private List<Future<Integer>> askWhileOneIsAtWork(Combiner<Integer, Integer> combiner, int... numbers)
            throws InterruptedException {
        List<Future<Integer>> answers = new ArrayList<>();
        answers.add(threads.submit(() -> combiner.ask(1)));
        begun.await();
        for (int n : numbers) {
            answers.add(threads.submit(() -> combiner.ask(n)));
        }
        while (combiner.waiting() < numbers.length) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        allowed.release();
        return answers;
    }

    @Test
    void whoComesMeanwhileIsServedTogether() throws Exception {
        Combiner<Integer, Integer> combiner = new Combiner<>(this::doubles, e -> true);

        List<Future<Integer>> answers = askWhileOneIsAtWork(combiner, 2, 3, 4);

        for (int i = 0; i < 4; i++) {
            assertThat(answers.get(i).get()).isEqualTo(2 * (i + 1));
        }
        assertThat(sizes).containsExactly(1, 3);
    }

    @Test
    void oneThatIsRefusedDoesNotHarmTheOthers() throws Exception {
        Combiner<Integer, Integer> combiner = new Combiner<>(this::doubles, e -> true);

        List<Future<Integer>> answers = askWhileOneIsAtWork(combiner, 2, 13, 4);

        assertThat(answers.get(1).get()).isEqualTo(4);
        assertThat(answers.get(3).get()).isEqualTo(8);
        assertThatThrownBy(() -> answers.get(2).get()).hasMessageContaining("13 is not wanted");
    }

    @Test
    void aFailureOfAllIsEverybodysAndPasses() throws Exception {
        Combiner<Integer, Integer> combiner = new Combiner<>(this::doubles, e -> false);

        List<Future<Integer>> answers = askWhileOneIsAtWork(combiner, 2, 13);

        assertThatThrownBy(() -> answers.get(1).get()).hasMessageContaining("13 is not wanted");
        assertThatThrownBy(() -> answers.get(2).get()).hasMessageContaining("13 is not wanted");
        assertThat(combiner.ask(5)).isEqualTo(10);
    }
}
