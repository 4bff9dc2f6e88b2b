-- Up Migration
-- Requests that recur: a series is what was asked for once, each trip of it is a request of its own.

CREATE TABLE request_series (
  series_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  unit_id      int NOT NULL REFERENCES organisations,
  applicant_id int NOT NULL REFERENCES accounts,
  -- Made by whoever asks: one series however often it is sent. The digest tells another series with the same key.
  key          uuid NOT NULL,
  digest       bytea NOT NULL,
  -- The shape is recurrenceSchema of services/domain/series.ts.
  recurrence   jsonb NOT NULL,
  asked_at     timestamptz NOT NULL,
  act          bigint,
  UNIQUE (applicant_id, key)
);
ALTER TABLE trip_requests ADD COLUMN series_id int REFERENCES request_series;
CREATE INDEX trip_requests_of_series ON trip_requests (series_id, starts_at) WHERE series_id IS NOT NULL;

CREATE TRIGGER request_series_act BEFORE INSERT OR UPDATE OF recurrence, act ON request_series FOR EACH ROW EXECUTE FUNCTION number_act();

-- Down Migration
ALTER TABLE trip_requests DROP COLUMN series_id;
DROP TABLE request_series;
