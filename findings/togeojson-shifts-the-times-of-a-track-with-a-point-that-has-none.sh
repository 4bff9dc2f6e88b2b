#!/usr/bin/env bash
# togeojson turns a GPX track into a line with a list of times beside it, “coordinateProperties.times”, that is read by index. GPX 1.1 lets a
# point stand without <time>; such a point is in the line and nothing stands for it in the list, so every later time belongs to another point
# than its index says, and the last points have none. Heart rates of the same points are held in step with null, which makes the gap hard to guess.
# One would expect lists of equal length, or null where a point has no time.
# Met by: services/tables/tracks/xmlTrack.ts, which reads tracks that are brought into a case by itself – a point without a time would
# shift all that follow by one report.
set -euo pipefail

converter=@tmcw/togeojson@7.1.3
parser=@xmldom/xmldom@0.9.12
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module"}' > package.json
npm install --no-audit --no-fund --loglevel=error "$converter" "$parser" > npm.log 2>&1 || { cat npm.log; exit 1; }

cat > try.mjs <<'JS'
import { gpx } from '@tmcw/togeojson'
import { DOMParser } from '@xmldom/xmldom'

// Every ten seconds a place further east; the second point has no time and no heart rate.
const at = (i) => `<time>2026-03-02T01:00:${i}0Z</time><extensions><t:TrackPointExtension><t:hr>${90 + i}</t:hr></t:TrackPointExtension></extensions>`
const point = (i) => `<trkpt lat="40.8" lon="${(111.7 + i / 100).toFixed(2)}">${i === 1 ? '' : at(i)}</trkpt>`
const file = `<?xml version="1.0"?><gpx version="1.1" creator="finding" xmlns="http://www.topografix.com/GPX/1/1" xmlns:t="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<trk><trkseg>${[0, 1, 2, 3].map(point).join('')}</trkseg></trk></gpx>`
const [{ geometry, properties }] = gpx(new DOMParser().parseFromString(file, 'text/xml')).features
const { times, ...others } = properties.coordinateProperties
const [rates] = Object.values(others)
for (const [i, [longitude]] of geometry.coordinates.entries()) {
  const own = i === 1 ? 'no time' : `01:00:${i}0`
  console.log(`point ${i}, ${longitude}: ${own} in the file, ${times[i] ?? 'nothing'} beside it, heart rate ${rates?.[i]}`)
}
const as = geometry.coordinates.length === 4 && times.length === 3 && times[1] === '2026-03-02T01:00:20Z' && rates?.length === 4 && rates[1] === null
console.log(as ? 'as described' : 'CHANGED: no longer as described')
process.exit(as ? 0 : 1)
JS
echo "$converter, $parser"
node try.mjs
