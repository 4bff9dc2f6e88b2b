-- Up Migration
-- A terminal that sends faster than it may is on record beside those who were not let in, until that is as old as they may become.
ALTER TABLE terminal_knocks DROP CONSTRAINT terminal_knocks_why_check,
  ADD CONSTRAINT terminal_knocks_why_check CHECK (why IN ('unknown', 'secret', 'none', 'revoked', 'gateway', 'pace'));

-- Down Migration
DELETE FROM terminal_knocks WHERE why = 'pace';
ALTER TABLE terminal_knocks DROP CONSTRAINT terminal_knocks_why_check,
  ADD CONSTRAINT terminal_knocks_why_check CHECK (why IN ('unknown', 'secret', 'none', 'revoked', 'gateway'));
