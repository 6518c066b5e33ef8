package dev.ctxmem;

/// One contract, every way to the verbs: in the process and over HTTP. A subclass says how to open accounts, to
/// come with a key, and to let time pass; nothing else.
public abstract class MemoriesContract
        implements NamespaceBehaviour,
                EntryBehaviour,
                TimeToLiveBehaviour,
                ListBehaviour,
                HistoryBehaviour,
                SearchBehaviour,
                IsolationBehaviour,
                KeyBehaviour {}
