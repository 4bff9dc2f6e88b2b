-- Up Migration
-- Who must agree to a request: rules that hold from a day on for an organisation and everything below it, the chain that applied to each
-- request, and who stands in for an approver who is away. What follows from a rule: services/domain/approvals.ts.

CREATE TABLE approval_rules (
  rule_id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- NULL: the whole region.
  organisation_id int REFERENCES organisations,
  effective_from  date NOT NULL,
  -- The shape is approvalRulesSchema of services/domain/approvals.ts.
  rules           jsonb NOT NULL,
  version         int NOT NULL DEFAULT 1,
  act             bigint,
  UNIQUE NULLS NOT DISTINCT (organisation_id, effective_from)
);
INSERT INTO approval_rules (organisation_id, effective_from, rules)
VALUES (NULL, '2000-01-01', '{"rules": [], "remindAfterH": 4, "escalateAfterH": 24, "bothForH": 24}');

CREATE TABLE approval_deputies (
  deputyship_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    int NOT NULL REFERENCES accounts,
  deputy_id     int NOT NULL REFERENCES accounts CHECK (deputy_id <> account_id),
  from_day      date NOT NULL,
  until_day     date NOT NULL CHECK (until_day >= from_day),
  named_at      timestamptz NOT NULL,
  ended_at      timestamptz,
  version       int NOT NULL DEFAULT 1,
  act           bigint
);
CREATE INDEX approval_deputies_of_account ON approval_deputies (account_id);
CREATE INDEX approval_deputies_of_deputy ON approval_deputies (deputy_id) WHERE ended_at IS NULL;

ALTER TABLE trip_requests
  -- The steps and why, the rule that they follow from, its limits. What was asked for before there were rules is its unit's to approve.
  ADD COLUMN chain jsonb NOT NULL DEFAULT '{"steps": [{"level": "unit", "because": ["always"]}], "unknown": [], "hasLeague": true, "km": null,
    "rule": null, "remindAfterH": 4, "escalateAfterH": 24, "bothForH": 24}',
  -- The step that waits, at which level, and since when.
  ADD COLUMN chain_at int NOT NULL DEFAULT 0,
  ADD COLUMN level text NOT NULL DEFAULT 'unit' CHECK (level IN ('unit', 'league', 'region')),
  ADD COLUMN waits_since timestamptz,
  ADD COLUMN remind_at timestamptz,
  ADD COLUMN escalate_at timestamptz,
  -- It went up, and until then the lower level may decide as well.
  ADD COLUMN lower_level text CHECK (lower_level IN ('unit', 'league')),
  ADD COLUMN lower_until timestamptz;
CREATE INDEX trip_requests_by_limit ON trip_requests (least(remind_at, escalate_at)) WHERE state = 'SUBMITTED';

DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN
    SELECT * FROM (VALUES ('approval_rules', 'version'), ('approval_deputies', 'version')) AS t (name, fields)
  LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.fields, entry.name);
  END LOOP;
END
$acts$;

-- Down Migration
ALTER TABLE trip_requests DROP COLUMN chain, DROP COLUMN chain_at, DROP COLUMN level, DROP COLUMN waits_since, DROP COLUMN remind_at,
  DROP COLUMN escalate_at, DROP COLUMN lower_level, DROP COLUMN lower_until;
DROP TABLE approval_deputies;
DROP TABLE approval_rules;
