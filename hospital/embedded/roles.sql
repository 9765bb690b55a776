-- The hospital's database and its three roles. For psql, as a superuser, any number of times:
--   OWNER_PASSWORD=… RUNTIME_PASSWORD=… AUDITOR_PASSWORD=… psql -v ON_ERROR_STOP=1 -f roles.sql
-- hospital_owner    owns the tables; only migrations use it
-- hospital_runtime  the platform: web, worker, beat
-- hospital_auditor  reads the audit trail and seals it
\set QUIET on
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
\getenv auditor_password AUDITOR_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['hospital_owner', 'hospital_runtime', 'hospital_auditor']) AS name
WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec

ALTER ROLE hospital_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE hospital_runtime LOGIN PASSWORD :'runtime_password';
ALTER ROLE hospital_auditor LOGIN PASSWORD :'auditor_password';

SELECT 'CREATE DATABASE hospital OWNER hospital_owner'
WHERE 'hospital' NOT IN (SELECT datname FROM pg_database) \gexec

\connect hospital
\ir grants.sql
