-- Up Migration
-- Path A: positions, last states, trips, quarantine and the conservation counters.

CREATE TABLE positions (
  vehicle_id    int NOT NULL,
  ts            timestamptz NOT NULL,  -- device time
  received_at   timestamptz NOT NULL,
  lon_e7        int NOT NULL,          -- WGS-84, 1e-7 degree; integers compress far better than floats
  lat_e7        int NOT NULL,
  speed_dkph    smallint,              -- 0.1 km/h
  heading_deg   smallint,
  altitude_m    smallint,
  odometer_m    int,
  fuel_permille smallint,
  soc_permille  smallint,
  satellites    smallint,
  flags         smallint NOT NULL,     -- bit 0 ignition
  alarms        bigint NOT NULL,       -- JT/T 808 table 24, unsigned 32 bit
  PRIMARY KEY (vehicle_id, ts)         -- exactly once
);
-- The primary key serves every read (one vehicle, a window of time), so the default index on ts is left out:
-- one index less on the hot insert.
SELECT create_hypertable('positions', by_range('ts', INTERVAL '1 day'), create_default_indexes => false);
-- Ordered by vehicle and time instead of segmented by vehicle: a parked vehicle leaves six positions in a chunk of half an hour, and a
-- compressed row for each vehicle cost 85 bytes a position; full batches of 1,000 cost 23 (docs/decisions/0007-compressed-in-order.md).
-- The batches' minimum and maximum of vehicle_id still lead to one vehicle's few batches.
ALTER TABLE positions SET (
  timescaledb.compress,
  timescaledb.compress_segmentby = '',
  timescaledb.compress_orderby = 'vehicle_id, ts'
);

-- One row per vehicle that has ever reported. `stored` counts positions.
CREATE TABLE last_states (
  vehicle_id    int PRIMARY KEY REFERENCES vehicles,
  ts            timestamptz NOT NULL,
  received_at   timestamptz NOT NULL,
  lon_e7        int NOT NULL,
  lat_e7        int NOT NULL,
  speed_dkph    smallint,
  heading_deg   smallint,
  altitude_m    smallint,
  odometer_m    int,
  fuel_permille smallint,
  soc_permille  smallint,
  satellites    smallint,
  flags         smallint NOT NULL,
  alarms        bigint NOT NULL,
  stored        bigint NOT NULL DEFAULT 0,
  -- Trips before this instant are settled; from here on they are to be derived again. NULL = nothing to do.
  derive_from   timestamptz
) WITH (fillfactor = 40);  -- room in each page: every update of a live row stays in its page (HOT)

CREATE TABLE trips (
  vehicle_id    int NOT NULL REFERENCES vehicles,
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,
  -- false while the last position is too young to say that the vehicle has come to rest.
  ended         boolean NOT NULL,
  start_lon_e7  int NOT NULL,
  start_lat_e7  int NOT NULL,
  end_lon_e7    int NOT NULL,
  end_lat_e7    int NOT NULL,
  distance_m    int NOT NULL,
  max_speed_dkph smallint NOT NULL,
  positions     int NOT NULL,
  PRIMARY KEY (vehicle_id, started_at),
  CHECK (started_at <= ended_at)
);

-- The same bytes on the same topic for the same reason are one row: a terminal that repeats itself cannot fill the disk.
CREATE TABLE quarantine (
  quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest        bytea NOT NULL,
  topic         text NOT NULL,
  terminal_id   text,
  reason        text NOT NULL,
  detail        text NOT NULL,
  positions     int NOT NULL,
  payload       bytea NOT NULL,
  first_at      timestamptz NOT NULL,
  last_at       timestamptz NOT NULL,
  times         bigint NOT NULL DEFAULT 1,
  replayed_at   timestamptz,
  UNIQUE (digest, topic, reason)
);
CREATE INDEX quarantine_by_terminal ON quarantine (terminal_id, last_at DESC);
CREATE INDEX quarantine_by_time ON quarantine (last_at DESC);

-- received = stored + duplicate + quarantined, in positions, per worker and minute of commit.
CREATE TABLE ingest_tally (
  worker      text NOT NULL,
  minute      timestamptz NOT NULL,
  received    bigint NOT NULL,
  stored      bigint NOT NULL,
  duplicate   bigint NOT NULL,
  quarantined bigint NOT NULL,
  PRIMARY KEY (minute, worker)
);

-- What was not stored, per terminal and minute of commit. Stored positions are counted in `positions` itself, by received_at,
-- so the ordinary case (nothing wrong) costs no row here.
CREATE TABLE terminal_tally (
  terminal_id text NOT NULL,
  minute      timestamptz NOT NULL,
  duplicate   bigint NOT NULL,
  quarantined bigint NOT NULL,
  PRIMARY KEY (terminal_id, minute)
);

-- Down Migration
DROP TABLE terminal_tally, ingest_tally, quarantine, trips, last_states, positions;
