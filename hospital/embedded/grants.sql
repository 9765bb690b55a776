-- What the three roles may do in one database. Plain SQL, run inside it as a superuser, any number
-- of times; `roles.sql` runs it for the hospital's, the tests for each of theirs.
-- The migrations of `audit` then take UPDATE and DELETE of the trail from the runtime role and
-- give the auditor what it reads.

DO $$ BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO hospital_owner, hospital_runtime, hospital_auditor',
                   current_database());
END $$;

ALTER SCHEMA public OWNER TO hospital_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hospital_runtime, hospital_auditor;

ALTER DEFAULT PRIVILEGES FOR ROLE hospital_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE hospital_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hospital_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE hospital_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO hospital_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE hospital_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO hospital_runtime;
