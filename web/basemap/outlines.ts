// League outlines from the map file of ECharts 4 (Apache-2.0; installed as `map-outlines`, so that a current echarts may stand beside it): rings packed as zigzag differences of 1/1024 degree, in GCJ-02.
// They are converted to WGS-84, which everything else here uses.

import gcoord from 'gcoord'
import type { FeatureCollection, MultiPolygon } from 'geojson'
import { findEnglishLeagueName } from '../kit/format/leagueNames.ts'

type PackedRing = string
type Offset = [number, number]
type PackedPolygon = { type: 'Polygon'; coordinates: PackedRing[]; encodeOffsets: Offset[] }
type PackedMultiPolygon = { type: 'MultiPolygon'; coordinates: PackedRing[][]; encodeOffsets: Offset[][] }
export type EncodedCollection = {
  features: { id: string; properties: { name: string }; geometry: PackedPolygon | PackedMultiPolygon }[]
}

const STEPS_PER_DEGREE = 1024
/** Characters start at '@'. */
const ORIGIN = 64

/** Unpacks one ring to degrees. */
export function decodeRing(packed: PackedRing, [startX, startY]: Offset): [number, number][] {
  const ring: [number, number][] = []
  let x = startX
  let y = startY
  for (let i = 0; i + 1 < packed.length; i += 2) {
    x += unzigzag(packed.charCodeAt(i) - ORIGIN)
    y += unzigzag(packed.charCodeAt(i + 1) - ORIGIN)
    ring.push([x / STEPS_PER_DEGREE, y / STEPS_PER_DEGREE])
  }
  return ring
}

/** The twelve outlines in WGS-84 with adcode and names. */
export function outlinesOf(collection: EncodedCollection): FeatureCollection<MultiPolygon> {
  const features = collection.features.map(({ id, properties, geometry }) => {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    const offsets = geometry.type === 'Polygon' ? [geometry.encodeOffsets] : geometry.encodeOffsets
    const coordinates = polygons.map((rings, p) => rings.map((ring, r) => closed(decodeRing(ring, offsets[p]![r]!).map(toWgs84))))
    return {
      type: 'Feature' as const,
      properties: { adcode: id, name: properties.name, nameEn: findEnglishLeagueName(id) ?? null },
      geometry: { type: 'MultiPolygon' as const, coordinates },
    }
  })
  return { type: 'FeatureCollection', features }
}

const unzigzag = (code: number): number => (code >> 1) ^ -(code & 1)

function toWgs84(point: [number, number]): [number, number] {
  const [lon, lat] = gcoord.transform(point, gcoord.GCJ02, gcoord.WGS84)
  return [Number(lon.toFixed(4)), Number(lat.toFixed(4))]
}

function closed(ring: [number, number][]): [number, number][] {
  const first = ring[0]
  const last = ring.at(-1)
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring
}
