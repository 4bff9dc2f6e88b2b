#!/bin/sh
# Once per start of the compose project: schema, storage policy, demo region (when DEMO is true and the database is empty), broker accounts.
set -eu
npm run --silent migrate
if [ "${DEMO:-true}" = true ]; then npm run --silent seed; fi
npm run --silent mosquitto:accounts -- --data "$DATA" --out /accounts
chown -R 1883:1883 /accounts
# Dispatch runs as node (1000) and writes the signed heads of the audit log.
chown -R 1000:1000 /audit
