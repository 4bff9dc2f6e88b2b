-- Up Migration
-- Who took which step of a quota application: all of them count when two people must have done it, also those of an earlier round.

CREATE TABLE quota_steps (
  quota_step_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  quota_id      int NOT NULL REFERENCES quotas ON DELETE CASCADE,
  -- 'draft' for a figure put in or changed; else an action of the lifecycle.
  action        text NOT NULL,
  account_id    int NOT NULL REFERENCES accounts,
  at            timestamptz NOT NULL
);
CREATE INDEX quota_steps_by_quota ON quota_steps (quota_id);

-- What is known of the applications there are: the audit log has every step, the row only the last who put in a figure.
INSERT INTO quota_steps (quota_id, action, account_id, at)
SELECT q.quota_id, CASE l.action WHEN 'quota.step' THEN coalesce(l.body::jsonb->'detail'->>'action', 'step') ELSE 'draft' END, l.account_id, l.at
FROM audit_log l JOIN quotas q ON l.subject_type = 'quota' AND l.subject_id = q.quota_id::text
WHERE l.action IN ('quota.draft', 'quota.change', 'quota.step') AND l.account_id IN (SELECT account_id FROM accounts)
ORDER BY l.seq;
INSERT INTO quota_steps (quota_id, action, account_id, at)
SELECT q.quota_id, 'draft', q.drafted_by, now() FROM quotas q
WHERE q.drafted_by IN (SELECT account_id FROM accounts)
  AND NOT EXISTS (SELECT FROM quota_steps s WHERE s.quota_id = q.quota_id AND s.action = 'draft' AND s.account_id = q.drafted_by);
ALTER TABLE quotas DROP COLUMN drafted_by;

-- Down Migration
ALTER TABLE quotas ADD COLUMN drafted_by int;
UPDATE quotas q SET drafted_by = (SELECT s.account_id FROM quota_steps s WHERE s.quota_id = q.quota_id AND s.action = 'draft'
  ORDER BY s.quota_step_id DESC LIMIT 1);
DROP TABLE quota_steps;
