package dev.ctxmem.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `DATABASE_URL` in both of its forms.
class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "postgresql://context:context@db:5432/context|jdbc:postgresql://db:5432/context|context|context",
                "postgres://ann@db/context|jdbc:postgresql://db/context|ann|-",
                "postgresql://db/context|jdbc:postgresql://db/context|-|-",
                "postgresql://db|jdbc:postgresql://db/|-|-",
                "postgresql://[::1]:5432/context|jdbc:postgresql://[::1]:5432/context|-|-",
                "postgresql://a:b@one:1,two:2/context|jdbc:postgresql://one:1,two:2/context|a|b",
                "postgresql://a%40b:p%2Fw%3A+%25@db/x|jdbc:postgresql://db/x|a@b|p/w:+%",
                "postgresql://a:@db/x?sslmode=require|jdbc:postgresql://db/x?sslmode=require|a|-",
                "postgresql://db/x?application_name=y&connect_timeout=3|"
                        + "jdbc:postgresql://db/x?ApplicationName=y&connectTimeout=3|-|-",
                "postgresql://db/x?target_session_attrs=read-write|jdbc:postgresql://db/x?targetServerType=primary|-|-",
                "jdbc:postgresql://db:5432/x?user=a&password=b|jdbc:postgresql://db:5432/x?user=a&password=b|-|-",
            })
    void bothForms_areRead(String text, String jdbc, String user, String password) {
        assertEquals(
                Optional.of(new DatabaseUrl(jdbc, Optional.ofNullable(user), Optional.ofNullable(password))),
                DatabaseUrl.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mysql://db/x", "db", "postgresql://", "postgresql:///x", "postgresql://a:b@/x", "jdbc:h2:x"})
    void somethingElse_isNone(String text) {
        assertEquals(Optional.empty(), DatabaseUrl.parse(text));
    }

    @Test
    void noSecret_isPrinted() {
        for (String text : new String[] {
            "postgresql://ann:hidden@db/x?password=hidden", "jdbc:postgresql://db/x?user=ann&password=hidden"
        }) {
            String printed = DatabaseUrl.parse(text).orElseThrow().toString();
            assertEquals("jdbc:postgresql://db/x", printed);
            assertFalse(printed.contains("hidden"));
        }
    }
}
