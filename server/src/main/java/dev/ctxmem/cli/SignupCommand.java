package dev.ctxmem.cli;

import dev.ctxmem.client.SignedUp;
import dev.ctxmem.core.NewAccount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "signup", description = "Make an account on the server and print its first key, this once.")
final class SignupCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "EMAIL")
    private String email = "";

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            description = "Name of the account, for people.")
    private @Nullable String name;

    @Option(names = "--save", description = "Keep the key and the server's address in the configuration file.")
    private boolean save;

    SignupCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String url = session.configuration.url().value();
        SignedUp signedUp = session.server().signup(new NewAccount(email, name));
        if (save) {
            session.configuration.save(url, signedUp.apiKey());
        }
        session.show(out -> {
            out.note("Made the account " + Printable.line(signedUp.account().email()) + ", tier "
                    + signedUp.account().tier().wireName() + ".");
            out.note(
                    save
                            ? "The key is kept in "
                                    + session.configuration.file().orElseThrow() + "."
                            : "This is the only time the key is shown; keep it with 'ctx config --api-key KEY'.");
            out.line(Printable.line(signedUp.apiKey()));
        });
    }
}
