-- Up Migration
-- The audit log: one chain of hashed records that grows at its end and changes nowhere, and the role our services run as, which
-- may read and append it and nothing more. The record of who looked (access_log) moves into the chain.

CREATE TABLE audit_log (
  -- 1, 2, 3 … without a gap.
  seq             bigint PRIMARY KEY CHECK (seq > 0),
  -- The columns from here to subject_id are copies of what the body says, for searching. The verifier holds them against it.
  at              timestamptz NOT NULL,
  account_id      int,
  username        text NOT NULL,
  role            text,
  -- Where the account belonged when it acted.
  organisation_id int,
  action          text NOT NULL,
  subject_type    text,
  subject_id      text,
  algorithm       text NOT NULL CHECK (algorithm IN ('sm3', 'sha256')),
  -- The hashed record as canonical JSON text (not jsonb: every byte counts).
  body            text NOT NULL CHECK (octet_length(body) <= 65536),
  -- hash = algorithm(prev_hash, 32 bytes ‖ seq, 8 bytes big-endian ‖ body, UTF-8). UNIQUE: no record has two successors.
  prev_hash       bytea NOT NULL UNIQUE CHECK (octet_length(prev_hash) = 32),
  hash            bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32)
);
CREATE INDEX audit_log_by_time ON audit_log (at, seq);
CREATE INDEX audit_log_by_actor ON audit_log (username, at, seq);
CREATE INDEX audit_log_by_action ON audit_log (action, at, seq);
CREATE INDEX audit_log_by_subject ON audit_log (subject_type, subject_id, seq);

-- The first record names this installation by a random number; its prev_hash is the hash of that name. Then the old record of who
-- looked, as it was found: the chain vouches for it from here on, not for the time before.
DO $begin$
DECLARE
  installation text := gen_random_uuid()::text;
  previous bytea := sha256(convert_to('morin audit log ' || installation, 'UTF8'));
  number bigint := 1;
  text_body text;
  entry record;
BEGIN
  FOR entry IN
    SELECT 0 AS access_id, clock_timestamp() AS at, NULL::int AS account_id, 'system' AS username, 'audit.begin' AS action,
           NULL::int AS vehicle_id, NULL::timestamptz AS from_ts, NULL::timestamptz AS to_ts, NULL AS purpose
    UNION ALL SELECT * FROM access_log
    ORDER BY access_id
  LOOP
    entry.at := date_trunc('milliseconds', entry.at);
    text_body := concat(
      '{"action":', to_json(entry.action), ',"actor":{"accountId":', coalesce(entry.account_id::text, 'null'),
      ',"organisationId":null,"role":null,"username":', to_json(entry.username), '},"algorithm":"sha256","at":"',
      to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '"',
      CASE WHEN number = 1 THEN concat(',"detail":{"installationId":', to_json(installation), '}') END,
      CASE WHEN entry.from_ts IS NOT NULL THEN concat(',"detail":{"from":', to_json(entry.from_ts), ',"to":', to_json(entry.to_ts), '}') END,
      CASE WHEN entry.purpose IS NOT NULL THEN concat(',"purpose":', to_json(entry.purpose)) END,
      CASE WHEN entry.vehicle_id IS NOT NULL THEN concat(',"subject":{"id":"', entry.vehicle_id, '","type":"vehicle"}') END,
      '}'
    );
    INSERT INTO audit_log (seq, at, account_id, username, action, subject_type, subject_id, algorithm, body, prev_hash, hash)
    VALUES (number, entry.at, entry.account_id, entry.username, entry.action,
            CASE WHEN entry.vehicle_id IS NOT NULL THEN 'vehicle' END, entry.vehicle_id::text, 'sha256', text_body,
            previous, sha256(previous || int8send(number) || convert_to(text_body, 'UTF8')))
    RETURNING hash INTO previous;
    number := number + 1;
  END LOOP;
END
$begin$;
DROP TABLE access_log;

-- For whoever appends: takes the chain's lock until the end of the transaction, then reads the last record with a fresh snapshot
-- (a plain statement would read with one taken before it waited), and where the actor belongs.
CREATE FUNCTION audit_tail(actor int) RETURNS TABLE (seq bigint, hash bytea, organisation_id int)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(6075990344);
  RETURN QUERY
    SELECT last.seq, last.hash, (SELECT a.organisation_id FROM public.accounts a WHERE a.account_id = actor)
    FROM public.audit_log last ORDER BY last.seq DESC LIMIT 1;
END
$$;

-- Against accidents of those whose rights go further: an owner must first take this away, which nobody does by accident.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The role of ingest and dispatch. It may log in only once the migrate command has given it a password.
DO $role$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'morin_app') THEN
    CREATE ROLE morin_app NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
EXCEPTION
  -- Another database of this server is being migrated at the same moment.
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$role$;
-- No objects of its own, temporary ones included: nothing that could stand in front of a table of ours.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $temporary$
BEGIN
  EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
END
$temporary$;
GRANT USAGE ON SCHEMA public TO morin_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO morin_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO morin_app;
-- What later migrations make.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO morin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO morin_app;
REVOKE ALL ON audit_log FROM PUBLIC, morin_app;
GRANT SELECT, INSERT ON audit_log TO morin_app;
REVOKE ALL ON migrations FROM PUBLIC, morin_app;

-- Down Migration
CREATE TABLE access_log (
  access_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL,
  account_id  int REFERENCES accounts,
  username    text NOT NULL,
  action      text NOT NULL,
  vehicle_id  int,
  from_ts     timestamptz,
  to_ts       timestamptz,
  purpose     text
);
CREATE INDEX access_log_by_time ON access_log (at DESC);
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM morin_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM morin_app;
DROP OWNED BY morin_app;
DROP FUNCTION audit_tail(int);
DROP TABLE audit_log;
DROP FUNCTION refuse_audit_change();
