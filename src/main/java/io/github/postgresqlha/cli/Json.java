package io.github.postgresqlha.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What programs are told: a value on one line, in ASCII, so that a terminal acts on nothing of it. */
final class Json {

    private Json() {}

    static String of(Object value) throws JsonProcessingException {
        return new ObjectMapper()
                .writer()
                .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                .writeValueAsString(value);
    }
}
