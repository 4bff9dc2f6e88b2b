-- Up Migration
-- Accounts, sessions, and the record of who looked at whose track.

CREATE TABLE accounts (
  account_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username        text NOT NULL UNIQUE,
  display_name    text NOT NULL,
  password_hash   text NOT NULL,
  role            text NOT NULL,
  organisation_id int NOT NULL REFERENCES organisations,
  driver_id       int REFERENCES drivers,
  demo            boolean NOT NULL DEFAULT false
);

CREATE TABLE sessions (
  -- SHA-256 of the cookie's value: a copy of this table opens no session.
  token_hash   bytea PRIMARY KEY,
  account_id   int NOT NULL REFERENCES accounts ON DELETE CASCADE,
  csrf_token   text NOT NULL,
  live_purpose text,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

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

-- Down Migration
DROP TABLE access_log, sessions, accounts;
