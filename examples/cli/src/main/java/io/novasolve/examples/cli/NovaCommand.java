package io.novasolve.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova}: plate solving on the command line. */
@Command(
        name = "nova",
        description = "Tells where pictures of the sky point.",
        mixinStandardHelpOptions = true,
        version = "nova 0.1.0-SNAPSHOT",
        subcommands = {
            SolveCommand.class,
            SubmitCommand.class,
            WorkCommand.class,
            StatusCommand.class,
            CancelCommand.class,
            QueueCommand.class,
            WorkersCommand.class,
            StoreCommand.class,
            IndexCommand.class,
            SolveServerCommand.class
        })
public final class NovaCommand implements Callable<Integer> {

    static final int OK = 0;
    static final int NOT_SOLVED = 1;
    static final int USAGE = 2;

    /** Commands whose part comes later; they say so, rather than look like a typing error. */
    private static final String[][] LATER = {
        {"diagnose", "the diagnosis"},
    };

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public NovaCommand() {}

    public static void main(String[] args) {
        int status = commandLine().execute(args);
        System.out.flush();
        System.exit(status);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new NovaCommand());
        for (String[] later : LATER) {
            commandLine.addSubcommand(later[0], new CommandLine(new NotBuilt(later[1])));
        }
        return commandLine.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("nova: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return e instanceof IllegalArgumentException ? USAGE : NOT_SOLVED;
        });
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }

    /** A command whose part is not built yet. */
    @Command
    static final class NotBuilt implements Callable<Integer> {
        private final String comesWith;

        @Spec
        private CommandSpec spec;

        @Option(names = "--json", hidden = true)
        private boolean json;

        @Parameters(hidden = true)
        private String[] ignored = {};

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        NotBuilt(String comesWith) {
            this.comesWith = comesWith;
        }

        @Override
        public Integer call() {
            spec.commandLine()
                    .getErr()
                    .println("nova " + spec.name() + " is not built yet: it comes with " + comesWith + ".");
            return USAGE;
        }
    }
}
