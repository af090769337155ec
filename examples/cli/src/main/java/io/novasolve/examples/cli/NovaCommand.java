package io.novasolve.examples.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nova}: plate solving on the command line. */
@Command(
        name = "nova",
        description = "Tells where pictures of the sky point.",
        mixinStandardHelpOptions = true,
        version = "nova 0.1.0-SNAPSHOT")
public final class NovaCommand implements Callable<Integer> {

    static final int OK = 0;
    static final int NOT_SOLVED = 1;
    static final int USAGE = 2;

    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public NovaCommand() {}

    public static void main(String[] args) {
        int status = commandLine(args).execute(args);
        System.out.flush();
        System.exit(status);
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("solve", SolveCommand.class);
        commands.put("submit", SubmitCommand.class);
        commands.put("work", WorkCommand.class);
        commands.put("status", StatusCommand.class);
        commands.put("cancel", CancelCommand.class);
        commands.put("queue", QueueCommand.class);
        commands.put("workers", WorkersCommand.class);
        commands.put("store", StoreCommand.class);
        commands.put("index", IndexCommand.class);
        commands.put("solve-server", SolveServerCommand.class);
        commands.put("diagnose", DiagnoseCommand.class);
        return commands;
    }

    /** Knows all commands, or only the one that is called: reading the options of ten takes longer than a solve. */
    static CommandLine commandLine(String... args) {
        CommandLine commandLine = new CommandLine(new NovaCommand());
        Class<?> called = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (called != null) {
            commandLine.addSubcommand(args[0], called);
        } else {
            COMMANDS.forEach(commandLine::addSubcommand);
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
}
