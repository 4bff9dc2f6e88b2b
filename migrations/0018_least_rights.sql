-- Up Migration
-- What the services may do is said table by table in services/platform/applicationRights.ts and granted by every `npm run migrate` to a role of
-- this database alone. What 0004 gave to morin_app, now and for later tables, ends here; where the role of this database is called morin_app
-- (the database is called morin) it gets back what it needs.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM morin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM morin_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM morin_app;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM morin_app;
REVOKE ALL ON SCHEMA public FROM morin_app;

-- The chain's lock was an advisory one, which any role can take and keep. Now it is the lock of a table that nobody but its owner may
-- touch, taken for the caller by the function that reads the end of the chain.
CREATE TABLE audit_chain_lock (holder int);
COMMENT ON TABLE audit_chain_lock IS 'Empty. Whoever appends to audit_log holds its lock (audit_tail).';
REVOKE ALL ON audit_chain_lock FROM PUBLIC;

-- For whoever appends: takes the chain's lock until the end of the transaction, then reads the last record with a fresh snapshot
-- (a plain statement would read with one taken before it waited), and where the actor belongs. Who waits in vain fails and can try again.
CREATE OR REPLACE FUNCTION audit_tail(actor int) RETURNS TABLE (seq bigint, hash bytea, organisation_id int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '30s' AS $$
BEGIN
  LOCK TABLE public.audit_chain_lock IN EXCLUSIVE MODE;
  RETURN QUERY
    SELECT last.seq, last.hash, (SELECT a.organisation_id FROM public.accounts a WHERE a.account_id = actor)
    FROM public.audit_log last ORDER BY last.seq DESC LIMIT 1;
END
$$;
REVOKE ALL ON FUNCTION audit_tail(int) FROM PUBLIC;

-- The jobs that keep the tables in shape and how their last runs ended: a role sees the errors of its own jobs only, so the services ask
-- through the owner. `scheduler` says whether the process that starts jobs was seen; null where the owner may not see other processes.
CREATE FUNCTION storage_jobs() RETURNS TABLE (
  job_id int, procedure text, hypertable text, scheduled boolean, every_s float8, running boolean, last_start timestamptz,
  last_success timestamptz, last_failed boolean, last_error text, next_start timestamptz, scheduler boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT j.job_id, format('%s.%s', j.proc_schema, j.proc_name), j.hypertable_name::text, j.scheduled,
    extract(epoch FROM j.schedule_interval)::float8, s.job_status = 'Running',
    CASE WHEN isfinite(s.last_run_started_at) THEN s.last_run_started_at END,
    CASE WHEN isfinite(s.last_successful_finish) THEN s.last_successful_finish END,
    s.last_run_status = 'Failed',
    (SELECT e.err_message FROM timescaledb_information.job_errors e WHERE e.job_id = j.job_id ORDER BY e.start_time DESC LIMIT 1),
    CASE WHEN isfinite(j.next_start) THEN j.next_start END,
    CASE WHEN pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
      THEN EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type LIKE 'TimescaleDB%Scheduler%') END
  FROM timescaledb_information.jobs j LEFT JOIN timescaledb_information.job_stats s USING (job_id)
  WHERE j.owner::oid = (SELECT relowner FROM pg_class WHERE oid = 'public.positions'::regclass)
    AND (j.hypertable_schema = 'public' OR j.proc_schema = 'public')
  ORDER BY j.job_id
$$;
REVOKE ALL ON FUNCTION storage_jobs() FROM PUBLIC;

-- Down Migration
DROP FUNCTION storage_jobs();
CREATE OR REPLACE FUNCTION audit_tail(actor int) RETURNS TABLE (seq bigint, hash bytea, organisation_id int)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(6075990344);
  RETURN QUERY
    SELECT last.seq, last.hash, (SELECT a.organisation_id FROM public.accounts a WHERE a.account_id = actor)
    FROM public.audit_log last ORDER BY last.seq DESC LIMIT 1;
END
$$;
ALTER FUNCTION audit_tail(int) SECURITY INVOKER;
GRANT EXECUTE ON FUNCTION audit_tail(int) TO PUBLIC;
DROP TABLE audit_chain_lock;
GRANT USAGE ON SCHEMA public TO morin_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO morin_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO morin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO morin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO morin_app;
REVOKE UPDATE, DELETE ON audit_log FROM morin_app;
REVOKE ALL ON migrations FROM morin_app;
