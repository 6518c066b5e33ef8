package dev.ctxmem.cli;

import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = Verb.COMPLETION,
        description = "Print a script that completes commands and options in bash or zsh.",
        footer = {
            "",
            "bash: add  source <(ctx completion bash)  to ~/.bashrc",
            "zsh:  add  source <(ctx completion zsh)  to ~/.zshrc"
        })
final class CompletionCommand implements Runnable {
    /// The script of bash runs in zsh once its completion is there.
    private static final String ZSH_START = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n";

    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private @Nullable Shell shell;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        if (spec != null) {
            String script = AutoComplete.bash("ctx", spec.root().commandLine());
            session.output.line(shell == Shell.zsh ? ZSH_START + script : script);
        }
    }

    /// The names are what is typed.
    @SuppressWarnings("MemberName")
    enum Shell {
        bash,
        zsh
    }
}
