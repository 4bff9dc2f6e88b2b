#!/usr/bin/env bash
# A calendar may hold instances of a series (one UID, each with its RECURRENCE-ID) without the event that has the rule: RFC 5545 asks for
# none, and whoever is sent single dates of a series has just these. node-ical reads all of them, and its own expandRecurringEvent then
# returns the first alone: the others stand in the event's “recurrences” and are looked at only where there is an RRULE.
# ical.js and khal show each of them, so one would expect a display built on node-ical to do the same.
# Met by: services/domain/icalendar.ts – trips of a series are such instances. A wall display built on node-ical
# has to take “recurrences” itself (docs/decisions/0082, last paragraph).
set -euo pipefail

reader=node-ical@0.26.1
other=ical.js@2.2.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module"}' > package.json
npm install --no-audit --no-fund --loglevel=error "$reader" "$other" > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > try.mjs <<'JS'
import ICAL from 'ical.js'
import ical from 'node-ical'

const days = ['02', '09', '16']
const instance = (day) => `BEGIN:VEVENT
UID:weekly-visit
DTSTAMP:20260301T000000Z
RECURRENCE-ID:202603${day}T010000Z
DTSTART:202603${day}T010000Z
DTEND:202603${day}T030000Z
SUMMARY:visit of the ${day}th
END:VEVENT
`
const text = `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//finding//EN\n${days.map(instance).join('')}END:VCALENDAR\n`.replaceAll('\n', '\r\n')
const march = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-31T00:00:00Z') }
const events = Object.values(ical.sync.parseICS(text)).filter(({ type }) => type === 'VEVENT')
const kept = new Set(events.flatMap(({ recurrences }) => Object.values(recurrences ?? {}).map(({ summary }) => summary)))
const shown = events.flatMap((event) => ical.expandRecurringEvent(event, march)).map(({ summary }) => summary)
const others = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => new ICAL.Event(event).summary)
console.log(`three dates of one series: node-ical keeps ${kept.size} of them and expands March to ${shown.join(', ')}; ical.js lists ${others.length}`)
const as = kept.size === 3 && shown.length === 1 && others.length === 3
console.log(as ? 'as described' : 'CHANGED: no longer as described')
process.exit(as ? 0 : 1)
JS
echo "$reader, $other"
node try.mjs
