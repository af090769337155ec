package io.novasolve.core;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.intake.UnpackLimits;
import io.novasolve.core.intake.Unpacker;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.pipeline.ImageReader;
import io.novasolve.core.pipeline.Intake;
import io.novasolve.core.pipeline.RetryPolicy;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionArchive;
import io.novasolve.core.watch.NovaListener;
import io.novasolve.sky.picture.PictureMemory;
import io.novasolve.sky.picture.PictureReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the parts of a {@link Nova}; not thread-safe. Stores, executors and schedulers that are handed in stay the
 * caller's to close; the transport is closed with the Nova.
 */
public final class NovaBuilder {

    static final int KEEP_ALL = Integer.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(NovaBuilder.class);
    private static final int KEEP_IN_MEMORY = 1000;
    private static final int RANDOM_DIGITS = 8;

    private final SolverTransport transport;
    private String name = "nova";
    private String host = "localhost";
    private @Nullable Store store;
    private @Nullable ContentStore content;
    private SolveOptions defaults = SolveOptions.defaults();
    private int submissionWorkers = 2;
    private int jobWorkers = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private int extractionThreads = Runtime.getRuntime().availableProcessors();
    private Duration lease = Duration.ofSeconds(30);
    private Duration pollInterval = Duration.ofSeconds(1);
    private Duration stopTimeout = Duration.ofSeconds(10);
    private RetryPolicy retries = new RetryPolicy(3, Duration.ofSeconds(2));
    private int keepEnded = -1;
    private @Nullable Duration forgetAfter;
    private boolean sweepContent;
    private @Nullable SubmissionArchive archive;
    private long maxPixels = PictureReader.DEFAULT_MAX_PIXELS;
    private Path temporaryFolder = Path.of(System.getProperty("java.io.tmpdir"));
    private UnpackLimits unpackLimits = UnpackLimits.DEFAULT;
    private @Nullable LinkFetcher linkFetcher;
    private boolean reuseSolutions = true;
    private final List<NovaListener> listeners = new ArrayList<>();
    private InstantSource clock = InstantSource.system();
    private LongSupplier ticker = System::nanoTime;
    private @Nullable Executor executor;
    private @Nullable ScheduledExecutorService scheduler;

    NovaBuilder(SolverTransport transport) {
        this.transport = transport;
    }

    /** What to call this Nova in logs, thread names and worker lists; unique among those that share a store. */
    public NovaBuilder name(String value) {
        name = value;
        return this;
    }

    /** Calls this Nova after its machine, its process, and some digits at random: a name that is unique in a shared store. */
    public NovaBuilder namedAfterProcess() {
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this machine does not know its own name, and is called {}", host, e);
        }
        return name(host + "-" + ProcessHandle.current().pid() + "-"
                + UUID.randomUUID().toString().substring(0, RANDOM_DIGITS));
    }

    /** The name of this machine in worker lists; {@code localhost} if not set. */
    public NovaBuilder host(String value) {
        host = value;
        return this;
    }

    /** Where submissions and jobs are kept; in memory if not set. Needs {@link #content} too if it is durable. */
    public NovaBuilder store(Store value) {
        store = value;
        return this;
    }

    /** Where the bytes are kept; in a temporary folder, removed by {@code close}, if not set. */
    public NovaBuilder content(ContentStore value) {
        content = value;
        return this;
    }

    /** What submissions leave open is taken from here. */
    public NovaBuilder defaults(SolveOptions value) {
        defaults = value;
        return this;
    }

    /** Submissions unpacked at once by this process; 0 to leave that to others. */
    public NovaBuilder submissionWorkers(int value) {
        submissionWorkers = notNegative("submissionWorkers", value);
        return this;
    }

    /** Images solved at once by this process; 0 to leave that to others. Half of the cores if not set. */
    public NovaBuilder jobWorkers(int value) {
        jobWorkers = notNegative("jobWorkers", value);
        return this;
    }

    /** Threads that extract the stars of one picture; all cores if not set. */
    public NovaBuilder extractionThreads(int value) {
        extractionThreads = Math.max(1, notNegative("extractionThreads", value));
        return this;
    }

    /** How long a worker may be silent before others take over its job; it reports three times as often. */
    public NovaBuilder lease(Duration value) {
        lease = positive("lease", value);
        return this;
    }

    /** How often to look for results and cancellations of other processes; a second if not set. */
    public NovaBuilder pollInterval(Duration value) {
        pollInterval = positive("pollInterval", value);
        return this;
    }

    /** How long {@code close} waits for stopped jobs to wind up. */
    public NovaBuilder stopTimeout(Duration value) {
        stopTimeout = positive("stopTimeout", value);
        return this;
    }

    /**
     * How accidents are retried.
     *
     * @param attempts at one job, the first included; at least 1
     * @param firstDelay the pause before the first retry, doubled for each further one
     */
    public NovaBuilder retries(int attempts, Duration firstDelay) {
        retries = new RetryPolicy(attempts, firstDelay);
        return this;
    }

    /**
     * Forgets ended submissions and their bytes beyond the newest so many. If not set, a Nova with its store in memory keeps
     * 1000, so that it can run for years; one with a store handed in keeps all.
     */
    public NovaBuilder keepEnded(int submissions) {
        keepEnded = notNegative("keepEnded", submissions);
        return this;
    }

    /**
     * Forgets submissions that ended longer ago than this, and their bytes when nothing refers to them any more, in small
     * batches beside the work; together with {@link #keepEnded} whichever comes first. Any number of processes may do so
     * on one store. If not set, age does not matter.
     */
    public NovaBuilder forgetAfter(Duration value) {
        forgetAfter = positive("forgetAfter", value);
        return this;
    }

    /**
     * Deletes, once a day, what lies in the content store and nothing in the store has referred to for a day: the leavings of
     * processes that were killed, and of archives that could not be unpacked. Only for a content store that this store has to
     * itself: the bytes of another one's submissions would look the same. Not done unless asked for.
     */
    public NovaBuilder sweepContent(boolean value) {
        sweepContent = value;
        return this;
    }

    /**
     * Keeps elsewhere what {@link #keepEnded} and {@link #forgetAfter} let go of: a submission is forgotten only when the
     * archive has it. If not set, what is forgotten is gone.
     */
    public NovaBuilder archive(SubmissionArchive value) {
        archive = value;
        return this;
    }

    /** How far archives and compressed files are unpacked; {@link UnpackLimits#DEFAULT} if not set. */
    public NovaBuilder unpackLimits(UnpackLimits value) {
        unpackLimits = value;
        return this;
    }

    /**
     * Width × height of the largest picture to read, 400 million if not set. However large pictures are, those that are read
     * at the same time share three quarters of the heap: one that finds too little left waits until others are done.
     */
    public NovaBuilder maxPixels(long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("maxPixels must be positive, but is " + value);
        }
        maxPixels = value;
        return this;
    }

    /**
     * Where files lie that go when they have done their work, and the submitted bytes if no {@link #content} is set; the
     * system's temporary folder if not set. It should have room for what is fetched and submitted at the same time, and be on
     * disk: in some systems the usual one is memory. Any number of processes may share it; what those that were killed have left
     * is removed by the next one.
     */
    public NovaBuilder temporaryFolder(Path value) {
        temporaryFolder = value;
        return this;
    }

    /**
     * Whether an image whose very bytes were solved before is answered from that solution, if the options agree: then its
     * job has ended when it is created. True if not set; the options of a submission or image may say otherwise.
     */
    public NovaBuilder reuseSolutions(boolean value) {
        reuseSolutions = value;
        return this;
    }

    /** Fetches submitted links; closed with the Nova. If not set, links cannot be submitted. */
    public NovaBuilder linkFetcher(LinkFetcher value) {
        linkFetcher = value;
        return this;
    }

    /** Hears what happens in this process; may be called several times. */
    public NovaBuilder listener(NovaListener value) {
        listeners.add(value);
        return this;
    }

    /** What time it is; the system's clock if not set. */
    public NovaBuilder clock(InstantSource value) {
        clock = value;
        return this;
    }

    /** How much time has passed, in nanoseconds; {@link System#nanoTime} if not set. */
    public NovaBuilder ticker(LongSupplier value) {
        ticker = value;
        return this;
    }

    /** Runs workers, extraction and what hangs on futures; it must grow with the workers. Own daemon threads if not set. */
    public NovaBuilder executor(Executor value) {
        executor = value;
        return this;
    }

    /**
     * Runs heartbeats and polling; own daemon threads if not set. It should have two threads, so that no lease runs out
     * while the other looks after results.
     */
    public NovaBuilder scheduler(ScheduledExecutorService value) {
        scheduler = value;
        return this;
    }

    private static int notNegative(String what, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " cannot be negative, but is " + value);
        }
        return value;
    }

    private static Duration positive(String what, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(what + " must be positive, but is " + value);
        }
        return value;
    }

    /** Starts the workers. */
    public Nova start() {
        List<AutoCloseable> own = new ArrayList<>();
        own.add(transport);
        LinkFetcher fetcher = linkFetcher;
        if (fetcher != null) {
            own.add(fetcher);
        }
        Executor run = executor;
        if (run == null) {
            ExecutorService pool = Executors.newCachedThreadPool(threads(name));
            own.add(pool::shutdown);
            run = pool;
        }
        ScheduledExecutorService timer = scheduler;
        if (timer == null) {
            timer = Executors.newScheduledThreadPool(2, threads(name + "-timer"));
            own.add(timer::shutdown);
        }
        int keep = keepEnded >= 0 ? keepEnded : store == null ? KEEP_IN_MEMORY : KEEP_ALL;
        TemporaryFolder temporary = TemporaryFolder.in(temporaryFolder);
        own.add(temporary);
        ContentStore bytes = content == null ? temporaryContent(temporary) : content;
        Parts parts = new Parts(
                name,
                host,
                store != null,
                store == null ? new InMemoryStore(clock) : store,
                bytes,
                transport,
                new ImageReader(
                        run, extractionThreads, new PictureReader(maxPixels), PictureMemory.ofHeap(), temporary),
                fetcher,
                new Intake(new Unpacker(bytes, unpackLimits, temporary), fetcher, temporary),
                reuseSolutions,
                defaults,
                submissionWorkers,
                jobWorkers,
                lease,
                pollInterval,
                stopTimeout,
                retries,
                keep,
                forgetAfter,
                sweepContent,
                archive,
                List.copyOf(listeners),
                clock,
                ticker,
                run,
                timer,
                own);
        return new Nova(parts).start();
    }

    private ContentStore temporaryContent(TemporaryFolder temporary) {
        try {
            return FolderContentStore.temporary(temporary, clock);
        } catch (IOException e) {
            throw new NovaException(
                    "no folder for the submitted bytes could be made in " + temporaryFolder
                            + "; hand a content store or another temporary folder to the builder: " + e.getMessage(),
                    e);
        }
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The parts as a running Nova needs them. */
    record Parts(
            String name,
            String host,
            boolean registered,
            Store store,
            ContentStore content,
            SolverTransport transport,
            ImageReader images,
            @Nullable LinkFetcher fetcher,
            Intake intake,
            boolean reuseSolutions,
            SolveOptions defaults,
            int submissionWorkers,
            int jobWorkers,
            Duration lease,
            Duration pollInterval,
            Duration stopTimeout,
            RetryPolicy retries,
            int keepEnded,
            @Nullable Duration forgetAfter,
            boolean sweepContent,
            @Nullable SubmissionArchive archive,
            List<NovaListener> listeners,
            InstantSource clock,
            LongSupplier ticker,
            Executor executor,
            ScheduledExecutorService scheduler,
            List<AutoCloseable> own) {

        boolean forgets() {
            return keepEnded != KEEP_ALL || forgetAfter != null || sweepContent;
        }

        void checkLink(URI link) {
            if (fetcher == null) {
                throw new IllegalArgumentException(link
                        + " cannot be submitted: this Nova has nothing to fetch links with; hand a LinkFetcher to the"
                        + " builder, such as HttpFetcher of nova-fetch");
            }
            fetcher.check(link);
        }

        void close() {
            for (AutoCloseable part : own) {
                try {
                    part.close();
                } catch (Exception e) {
                    LOG.warn("{}: {} did not close", name, part, e);
                }
            }
        }
    }
}
