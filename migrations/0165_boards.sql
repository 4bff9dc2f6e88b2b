-- Up Migration
-- Sums of statistics prepared for the dashboards (驾驶舱): of each organisation with all below it, by period and table. Never the only place of a figure: made anew from the facts.

CREATE TABLE board_facts (
  -- 2026, or 2026-11.
  period     text NOT NULL,
  -- T1–T8, or T8told: those findings that somebody was told of.
  code       text NOT NULL,
  organisation_id int NOT NULL REFERENCES organisations,
  -- By the value of the table's dimension ('' where there is none, or it is not known): sums by their name.
  sums       jsonb NOT NULL,
  PRIMARY KEY (organisation_id, code, period)
);
CREATE INDEX board_facts_by_period ON board_facts (period, code);

CREATE TABLE board_prepared (
  period     text NOT NULL,
  code       text NOT NULL,
  prepared_at timestamptz NOT NULL,
  PRIMARY KEY (period, code)
);

-- Down Migration
DROP TABLE board_prepared, board_facts;
