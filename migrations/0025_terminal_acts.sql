-- Up Migration
-- Every act on a terminal has a record about that terminal. Before this a terminal that was bound had its record with the vehicle, which was
-- all that was asked for: such rows owe none of their own.
SELECT set_config('morin.founding', 'on', true);
UPDATE terminals t SET act = NULL WHERE act IS NOT NULL AND EXISTS (
  SELECT FROM audit_log l WHERE (substring(l.body FROM '^\{"act":([0-9]{1,18}),')::bigint) = t.act
    AND (substring(l.body FROM '^\{"act":([0-9]{1,18}),')::bigint) IS NOT NULL AND l.subject_type IS DISTINCT FROM 'terminal');
SELECT set_config('morin.founding', 'off', true);

-- Down Migration
