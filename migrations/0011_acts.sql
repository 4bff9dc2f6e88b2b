-- Up Migration
-- Every row that an act of somebody's writes carries the number of that act, and the act's records in the audit log carry it too: a row
-- whose record is not there can be named. The number is the transaction's, so rows and records of one act share it whatever writes them.
-- Rows of before this migration have none, and are not asked for one.

-- Sets the number whenever a row is made, its version is counted up, or a column that stands for an act is written. What a caller gives
-- for it is not looked at. Only the owner, founding an installation (the national calendar, the demo region), lays rows that are no act.
CREATE FUNCTION number_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_catalog.current_setting('morin.founding', true) = 'on'
    AND pg_catalog.pg_has_role(current_user, (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = TG_RELID), 'USAGE')
  THEN
    NEW.act := NULL;
  ELSE
    NEW.act := pg_catalog.pg_current_xact_id()::text::bigint;
  END IF;
  RETURN NEW;
END
$$;

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES
      ('organisations', 'version'), ('organisation_past', 'version'), ('compounds', 'version'), ('motor_pools', 'version'),
      ('vehicles', 'version, plate, state, user_unit_id'), ('vehicle_past_plates', 'version'), ('vehicle_files', 'content'),
      ('terminals', 'version'), ('quotas', 'version'), ('standard_limits', 'version'), ('ledger_policies', 'version, over_quota, over_standard'),
      ('ledger_flows', 'version, state'), ('ledger_flow_steps', 'action'),
      ('drivers', 'version'), ('driver_loans', 'version, until_day'), ('driver_shifts', 'version'), ('driver_duty_days', 'version'),
      ('driver_leaves', 'version'), ('driving_limits', 'version'),
      ('places', 'version'), ('suppliers', 'version'), ('fuel_cards', 'version'),
      ('calendar_years', 'version'), ('calendar_days', 'version'), ('working_hours', 'version'),
      ('accounts', 'version, role, status, password_hash, organisation_id, oidc_subject'), ('role_grants', 'granted_at, ended_at'),
      ('second_factors', 'secret'), ('security_policies', 'limits'), ('api_tokens', 'revoked_at'),
      ('notices', 'text_zh, text_en'), ('notice_acknowledgements', 'at'),
      ('secret_namings', 'ended_at'), ('unmaskings', 'state'), ('secrecy_policies', 'sight, max_hours')
    ) AS t(name, columns)
  LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN act bigint', entry.name);
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.columns, entry.name);
  END LOOP;
END
$acts$;

-- A body is JSON with its keys in order, and `act` is the first of them. No copy beside the body that could disagree with it.
CREATE INDEX audit_log_by_act ON audit_log ((substring(body FROM '^\{"act":([0-9]{1,18}),')::bigint))
  WHERE substring(body FROM '^\{"act":([0-9]{1,18}),') IS NOT NULL;

-- Down Migration
DROP INDEX audit_log_by_act;
DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN SELECT tgrelid::regclass AS name, tgname FROM pg_trigger WHERE tgfoid = 'number_act'::regproc LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', entry.tgname, entry.name);
    EXECUTE format('ALTER TABLE %s DROP COLUMN act', entry.name);
  END LOOP;
END
$acts$;
DROP FUNCTION number_act;
