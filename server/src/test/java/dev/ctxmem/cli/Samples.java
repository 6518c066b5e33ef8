package dev.ctxmem.cli;

import dev.ctxmem.core.Json;

/// Answers of the API, as the contract has them.
final class Samples {
    static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";
    static final String NAMESPACE = """
            {"id":"%s","slug":"myproject","name":"My Project","description":"All of it","entry_count":3,\
            "created_at":"2026-01-02T03:04:05.006Z","updated_at":"2026-01-02T03:04:05.006Z"}""".formatted(ID);
    static final String ACCOUNT = """
            {"id":"%s","email":"admin@local","name":"Admin","tier":"team","created_at":"2026-01-02T03:04:05.006Z"}""".formatted(ID);
    static final String USAGE = """
            {"account":%s,"usage":{"namespaces":{"current":3,"limit":-1},"entries":{"current":120,"limit":1000},\
            "requests":{"current":7,"limit":-1}}}""".formatted(ACCOUNT);
    static final String KEY = """
            {"id":"%s","key_prefix":"ctx_abc","name":"ci","scopes":["read","write"],"namespaces":[],\
            "rate_limit":null,"last_used_at":null,"expires_at":"2027-01-31T00:00:00.000Z",\
            "created_at":"2026-01-02T03:04:05.006Z"}""".formatted(ID);

    private Samples() {}

    static String entry(String key, String value) {
        return "{" + entryMembers(key, value) + "}";
    }

    static String hit(String key, String value, double similarity, String more) {
        return "{" + entryMembers(key, value) + ",\"similarity\":" + similarity + more + "}";
    }

    static String results(String... hits) {
        return "{\"results\":[" + String.join(",", hits) + "],\"query\":\"q\",\"count\":" + hits.length + "}";
    }

    static String problem(String code, String detail) {
        return "{\"code\":\"" + code + "\",\"detail\":\"" + detail + "\"}";
    }

    private static String entryMembers(String key, String value) {
        return """
               "id":"%s","key":%s,"value":%s,"namespace":"myproject","tags":["db","prod"],"metadata":{},\
               "importance":0.5,"ttl_seconds":null,"expires_at":null,"version":7,\
               "created_at":"2026-01-02T03:04:05.006Z","updated_at":"2026-01-02T03:04:05.006Z","embedding":"ready\"""".formatted(ID, Json.string(key), value);
    }
}
