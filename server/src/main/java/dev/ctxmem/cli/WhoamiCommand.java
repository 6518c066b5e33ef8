package dev.ctxmem.cli;

import dev.ctxmem.core.Account;
import dev.ctxmem.core.AccountUsage;
import picocli.CommandLine.Command;

@Command(name = "whoami", description = "Show the account of the key and where it stands against its limits.")
final class WhoamiCommand implements Runnable {
    private final Session session;

    WhoamiCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        AccountUsage usage = session.memories().account();
        session.show(out -> {
            Account account = usage.account();
            String name = account.name() == null ? "" : " (" + account.name() + ")";
            out.line("account     " + Printable.line(account.email() + name));
            out.line("tier        " + account.tier().wireName());
            out.line("namespaces  " + Failures.standing(usage.namespaces()));
            out.line("entries     " + Failures.standing(usage.entries()));
            out.line("requests    " + Failures.standing(usage.requests()) + " this month");
            out.line("server      " + Printable.line(session.configuration.url().value()));
        });
    }
}
