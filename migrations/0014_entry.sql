-- Up Migration
-- Nobody enters as somebody else by what one administrator does alone: whoever gave a password, or took a second factor off, is kept, and
-- the first entrance after it takes a code that another person issued. Tokens' secrets are their owners' alone. Failures of sign-in are
-- counted by name and network, and a name that nobody has is nowhere in clear.

ALTER TABLE accounts
  -- Who gave the password that is in force; NULL when it is its owner's own.
  ADD COLUMN password_by int REFERENCES accounts,
  -- Who took the second factor off, or granted a role that needs one, since the owner last entered.
  ADD COLUMN unproven_by int REFERENCES accounts;
UPDATE accounts a SET password_by = coalesce(
  (SELECT l.account_id FROM audit_log l WHERE l.subject_type = 'account' AND l.subject_id = a.account_id::text
     AND l.action IN ('account.create', 'password.reset') ORDER BY l.seq DESC LIMIT 1), a.created_by)
WHERE a.must_change_password;
-- One name in whatever letters it is written.
CREATE UNIQUE INDEX accounts_by_name ON accounts (lower(username));

-- The code of an account that is out: one at most, dead when it is used or anything is reset.
CREATE TABLE entry_codes (
  account_id int PRIMARY KEY REFERENCES accounts,
  code_hash  bytea NOT NULL,
  issued_at  timestamptz NOT NULL,
  issued_by  int NOT NULL REFERENCES accounts,
  expires_at timestamptz NOT NULL
);

ALTER TABLE sessions
  -- The code of another person was shown in this session.
  ADD COLUMN vouched boolean NOT NULL DEFAULT false,
  -- The issuer's subject that this sign-in will bind to the account once it has proven itself.
  ADD COLUMN oidc_subject text,
  DROP CONSTRAINT sessions_step_check,
  ADD CONSTRAINT sessions_step_check CHECK (step IN ('totp', 'entry', 'password', 'enrol', 'notice', 'open'));

ALTER TABLE api_tokens
  -- NULL until the account's owner has collected the secret.
  ALTER COLUMN token_hash DROP NOT NULL,
  -- NULL for tokens of before, whose secrets were shown to whoever made them.
  ADD COLUMN collect_until timestamptz,
  ADD COLUMN collected_at timestamptz;

-- What stands for an act carries the act's number, as everywhere.
DO $acts$
DECLARE
  entry record;
BEGIN
  FOR entry IN SELECT * FROM (VALUES ('entry_codes', 'code_hash'), ('quota_steps', 'action')) AS t(name, columns) LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN act bigint', entry.name);
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF %s, act ON %I FOR EACH ROW EXECUTE FUNCTION number_act()',
      entry.name || '_act', entry.columns, entry.name);
  END LOOP;
END
$acts$;
DROP TRIGGER api_tokens_act ON api_tokens;
CREATE TRIGGER api_tokens_act BEFORE INSERT OR UPDATE OF revoked_at, collected_at, act ON api_tokens FOR EACH ROW EXECUTE FUNCTION number_act();

-- What was typed as a name stands in the old table in clear, and may have been a password.
DROP TABLE sign_in_failures;
CREATE TABLE sign_in_failures (
  -- `account <id>`, or a keyed hash of a name that nobody has: it locks just the same, so that a lock tells nothing.
  who          text NOT NULL,
  -- The network that the failures came from; 'second step' for what follows a right password; 'everywhere' for a lock of the name alone.
  place        text NOT NULL,
  failures     int NOT NULL,
  last_at      timestamptz NOT NULL,
  locked_until timestamptz,
  PRIMARY KEY (who, place)
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- Down Migration
DROP TABLE sign_in_failures;
CREATE TABLE sign_in_failures (
  name_key     text PRIMARY KEY,
  failures     int NOT NULL,
  last_at      timestamptz NOT NULL,
  locked_until timestamptz
);
DROP TRIGGER quota_steps_act ON quota_steps;
ALTER TABLE quota_steps DROP COLUMN act;
DROP TRIGGER api_tokens_act ON api_tokens;
CREATE TRIGGER api_tokens_act BEFORE INSERT OR UPDATE OF revoked_at, act ON api_tokens FOR EACH ROW EXECUTE FUNCTION number_act();
DELETE FROM api_tokens WHERE token_hash IS NULL;
ALTER TABLE api_tokens ALTER COLUMN token_hash SET NOT NULL, DROP COLUMN collect_until, DROP COLUMN collected_at;
DELETE FROM sessions WHERE step = 'entry';
ALTER TABLE sessions DROP COLUMN vouched, DROP COLUMN oidc_subject, DROP CONSTRAINT sessions_step_check,
  ADD CONSTRAINT sessions_step_check CHECK (step IN ('totp', 'password', 'enrol', 'notice', 'open'));
DROP TABLE entry_codes;
DROP INDEX accounts_by_name;
ALTER TABLE accounts DROP COLUMN password_by, DROP COLUMN unproven_by;
