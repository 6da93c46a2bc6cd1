package io.github.postgresqlha.spec;

/** How clients share sessions of the server. */
public interface Pooling {

    /** PgBouncer between clients and members. Default: none. */
    @Key("PgBouncer between clients and members, by which many clients share few sessions of the server")
    default PoolerSpec pooler() {
        return PoolerSpec.builder().build();
    }
}
