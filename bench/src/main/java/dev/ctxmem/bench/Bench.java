package dev.ctxmem.bench;

import dev.ctxmem.bench.cluster.ClusterCommand;
import dev.ctxmem.bench.embed.EmbedCommand;
import dev.ctxmem.bench.load.LoadCommand;
import dev.ctxmem.bench.postgres.PostgresCommand;
import dev.ctxmem.bench.quality.FitCommand;
import dev.ctxmem.bench.quality.QualityCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `bench VERB`: the door to every benchmark.
@Command(name = "bench", description = "Benchmarks of Context Memory.", mixinStandardHelpOptions = true)
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        var line = new CommandLine(new Bench())
                .addSubcommand(new QualityCommand(System.getenv(), System.out))
                .addSubcommand(new FitCommand(System.out))
                .addSubcommand(new EmbedCommand(System.out))
                .addSubcommand(new StartupCommand(System.out))
                .addSubcommand(new LoadCommand(System.getenv(), System.out))
                .addSubcommand(new ClusterCommand(System.out))
                .addSubcommand(new PostgresCommand(System.getenv(), System.out));
        System.exit(line.execute(arguments));
    }
}
