package io.github.postgresqlha.postgresql;

/** Any text: what the server makes of it is not known here. */
record ParameterText() implements ParameterType {

    @Override
    public boolean takes(String value) {
        return true;
    }

    @Override
    public String described() {
        return "text";
    }
}
