-- Up Migration
-- Organisations, vehicles, terminals, drivers: the ledger that positions hang on.

CREATE TABLE organisations (
  organisation_id int PRIMARY KEY,
  parent_id       int REFERENCES organisations,
  kind            text NOT NULL CHECK (kind IN ('region', 'league', 'banner', 'unit')),
  adcode          char(6) NOT NULL,
  name            text NOT NULL,
  -- Nested set: the subtree of x is every row with x.lft <= lft AND rgt <= x.rgt. Scope checks are two integer comparisons.
  lft             int NOT NULL UNIQUE,
  rgt             int NOT NULL UNIQUE,
  CHECK (lft < rgt)
);

CREATE TABLE vehicles (
  vehicle_id      int PRIMARY KEY,
  plate           text NOT NULL UNIQUE,
  plate_colour    text NOT NULL CHECK (plate_colour IN ('blue', 'yellow', 'green', 'white')),
  class           text NOT NULL CHECK (class IN ('official', 'law_enforcement', 'leased')),
  category        text NOT NULL,
  energy          text NOT NULL CHECK (energy IN ('petrol', 'diesel', 'electric', 'plug_in_hybrid')),
  make            text NOT NULL,
  model           text NOT NULL,
  seats           smallint NOT NULL CHECK (seats BETWEEN 1 AND 60),
  displacement_ml int CHECK (displacement_ml > 0),
  registered_on   date NOT NULL,
  owner_unit_id   int NOT NULL REFERENCES organisations,
  user_unit_id    int NOT NULL REFERENCES organisations
);
CREATE INDEX vehicles_by_user_unit ON vehicles (user_unit_id);

CREATE TABLE drivers (
  driver_id       int PRIMARY KEY,
  name            text NOT NULL,
  phone           text NOT NULL,
  organisation_id int NOT NULL REFERENCES organisations,
  -- The vehicle that this driver usually drives; dispatch may assign any other.
  vehicle_id      int UNIQUE REFERENCES vehicles
);

-- A gateway's connection speaks for every terminal whose gateway_id names it.
CREATE TABLE gateways (
  gateway_id      text PRIMARY KEY,
  credential_hash bytea NOT NULL
);

CREATE TABLE terminals (
  terminal_id     text PRIMARY KEY,
  vehicle_id      int UNIQUE REFERENCES vehicles,
  -- SHA-256 of a random secret of at least 128 bits: a slow hash would add nothing and cost minutes at 23,188 connects.
  credential_hash bytea NOT NULL,
  gateway_id      text REFERENCES gateways
);

-- Down Migration
DROP TABLE terminals, gateways, drivers, vehicles, organisations;
