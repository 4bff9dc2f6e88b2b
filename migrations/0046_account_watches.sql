-- Up Migration
-- Who keeps the accounts of a server broker as the database has the terminals (npm run mosquitto:accounts -- --watch true), and when each
-- was last heard of: while none is, who is registered cannot connect and who is revoked is not cut off, and nothing else would say so.
CREATE TABLE account_watches (
  -- Machine and directory of the files.
  place   text PRIMARY KEY,
  -- By the database's clock.
  seen_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON account_watches TO morin_app;

-- Down Migration
DROP TABLE account_watches;
