#!/usr/bin/env bash
# GPSBabel reads the segments of a GPX track (between two <trkseg> the receiver was off or saw nothing) and keeps them when it writes GPX.
# Written as GeoJSON or as KML with gx:Track, the same track is one line without a seam: the gap has become a way that somebody drove, and
# nothing in the output says where it was. KML has gx:MultiTrack and GeoJSON MultiLineString for it.
# Met by: services/evidence/tracks – a package's GPX is cut at gaps; who converts it for a map sees a line through them. The package
# therefore holds KML and GeoJSON of its own, cut at the same places (docs/evidence.md).
set -euo pipefail

tool=gpsbabel@1.8.0+ds-5 # Debian 12
gpsbabel=${tool#*@}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
if [ "$(dpkg-query -W -f '${Version}' gpsbabel 2>/dev/null || true)" = "$gpsbabel" ]; then
  run() { gpsbabel "$@"; }
else
  apt-get download -qq "gpsbabel=$gpsbabel" $(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances gpsbabel | grep -E '^lib(qt5core5a|shp4|usb-1.0-0|icu72|double-conversion3|pcre2-16-0|glib2.0-0)$' | sort -u) 2> apt.log || { cat apt.log; exit 1; }
  for package in *.deb; do dpkg -x "$package" root; done
  run() { LD_LIBRARY_PATH="$(find "$folder/root/usr/lib" -maxdepth 1 -name '*-linux-gnu')" root/usr/bin/gpsbabel "$@"; }
fi

cat > track.gpx <<'GPX'
<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="finding" xmlns="http://www.topografix.com/GPX/1/1"><trk>
<trkseg><trkpt lat="40.80" lon="111.70"><time>2026-03-02T01:00:00Z</time></trkpt><trkpt lat="40.81" lon="111.71"><time>2026-03-02T01:00:10Z</time></trkpt></trkseg>
<trkseg><trkpt lat="41.80" lon="112.70"><time>2026-03-02T05:00:00Z</time></trkpt><trkpt lat="41.81" lon="112.71"><time>2026-03-02T05:00:10Z</time></trkpt></trkseg>
</trk></gpx>
GPX
count() { { grep -oE "$1" "$2" || true; } | wc -l; }
run -t -i gpx -f track.gpx -o gpx -F same.gpx
run -t -i gpx -f track.gpx -o geojson -F line.geojson
run -t -i gpx -f track.gpx -o kml,track=1 -F line.kml
segments=$(count '<trkseg>' same.gpx)
lines=$(count '"(Multi)?LineString"' line.geojson)
many=$(count '"MultiLineString"' line.geojson)
tracks=$(count '<gx:Track>' line.kml)
echo "gpsbabel $gpsbabel: of two segments, $((segments)) in GPX; GeoJSON has $lines line, $many of them in parts; KML has $tracks gx:Track"
if [ "$segments $lines $many $tracks" = '2 1 0 1' ]; then echo 'as described'; else echo 'CHANGED: no longer as described'; exit 1; fi
