-- Up Migration
-- Scheduled reports (定期报告): a list, a table or a letter, to people, by day, week or month, in the application and by mail. When: services/domain/reports.ts.

-- Where somebody is reached by mail: his own word.
CREATE TABLE mail_addresses (
  account_id int PRIMARY KEY REFERENCES accounts,
  address    text NOT NULL,
  set_at     timestamptz NOT NULL,
  act        bigint
);

CREATE TABLE report_plans (
  report_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organisation_id int NOT NULL REFERENCES organisations,
  name       text NOT NULL,
  -- A list of services/contracts/exchange.ts, with the filter of its page.
  list       text NOT NULL,
  filter     jsonb NOT NULL,
  format     text NOT NULL CHECK (format IN ('xlsx', 'csv', 'pdf')),
  locale     text NOT NULL CHECK (locale IN ('zh-CN', 'en')),
  every      text NOT NULL CHECK (every IN ('day', 'week', 'month')),
  -- Of a week 1 (Monday) to 7, of a month 1 to 31 (31: its last day), of a day 0.
  on_day     int NOT NULL,
  at_minute  int NOT NULL CHECK (at_minute BETWEEN 0 AND 1439),
  -- The next time that it is due; null: it is ended.
  next_at    timestamptz,
  made_by    int NOT NULL REFERENCES accounts,
  made_at    timestamptz NOT NULL,
  version    int NOT NULL DEFAULT 1,
  act        bigint
);
CREATE INDEX report_plans_due ON report_plans (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE report_readers (
  report_id  int NOT NULL REFERENCES report_plans,
  account_id int NOT NULL REFERENCES accounts,
  by_app     boolean NOT NULL,
  by_mail    boolean NOT NULL CHECK (by_app OR by_mail),
  -- Whoever wants it no more keeps his row, so that nobody puts him back unasked.
  left_at    timestamptz,
  act        bigint,
  PRIMARY KEY (report_id, account_id)
);
CREATE INDEX report_readers_by_account ON report_readers (account_id);

-- What was owed to whom, once for each time and way, and what became of it.
CREATE TABLE report_deliveries (
  delivery_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  report_id  int NOT NULL REFERENCES report_plans,
  account_id int NOT NULL REFERENCES accounts,
  channel    text NOT NULL CHECK (channel IN ('app', 'mail')),
  planned_at timestamptz NOT NULL,
  state      text NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'sent', 'refused', 'failed')),
  -- Why not, by a word; what the other side said beside it.
  why        text,
  said       text,
  attempts   int NOT NULL DEFAULT 0,
  tried_at   timestamptz,
  done_at    timestamptz,
  file_name  text,
  rows       int,
  bytes      int,
  sha256     text,
  watermark  text,
  -- What is kept for whoever reads it in the application.
  content    bytea,
  UNIQUE (report_id, account_id, channel, planned_at)
);
CREATE INDEX report_deliveries_by_account ON report_deliveries (account_id, delivery_id DESC);

CREATE TRIGGER mail_addresses_act BEFORE INSERT OR UPDATE OF address, act ON mail_addresses FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER report_plans_act BEFORE INSERT OR UPDATE OF version, act ON report_plans FOR EACH ROW EXECUTE FUNCTION number_act();
CREATE TRIGGER report_readers_act BEFORE INSERT OR UPDATE OF by_app, by_mail, left_at, act ON report_readers FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
DROP TABLE report_deliveries, report_readers, report_plans, mail_addresses;
