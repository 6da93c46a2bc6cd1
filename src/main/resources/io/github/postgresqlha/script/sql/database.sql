-- The application's database and the role that owns it. Run once, in a new cluster, before anybody else can connect.
\getenv owner DATABASE_OWNER
\getenv database DATABASE_NAME

CREATE ROLE :"owner" LOGIN;
CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE :"database" FROM PUBLIC;
