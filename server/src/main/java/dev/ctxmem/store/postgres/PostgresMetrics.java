package dev.ctxmem.store.postgres;

/// The store at one moment. `writes ÷ commits` is how many writes share a commit.
///
/// @param replicaAnswers reads that the standby has answered
/// @param replicaPassedOn reads that it might have answered and the primary did, because it was late or away
/// @param replicaFit whether there is a standby that answers and is not late
/// @param flatBytes what the flat indexes take, about
/// @param flatSearches searches that they have answered
public record PostgresMetrics(
        int connectionsBusy,
        int callersWaiting,
        long commits,
        long writes,
        long damagedReads,
        long replicaAnswers,
        long replicaPassedOn,
        boolean replicaFit,
        long flatBytes,
        long flatSearches) {}
