// Makes the offline base map's files in web/public/basemap: league outlines and seats. Geometry is generated, never committed.
// Without the package that holds the outlines it writes the seats only.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FeatureCollection } from 'geojson'
import { leagues } from '../../services/domain/region/region.ts'
import { findEnglishLeagueName } from '../kit/format/leagueNames.ts'
import { type EncodedCollection, outlinesOf } from './outlines.ts'

const OUTLINES = 'map-outlines/map/json/province/neimenggu.json'

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Makes the offline base map's league outlines and seats as GeoJSON; \`npm run build\` does it.

  node --import=tsx web/basemap/build.ts [DIRECTORY]

  DIRECTORY  Where leagues.geojson and seats.geojson go (default web/public/basemap)
Example: node --import=tsx web/basemap/build.ts
`)
  process.exit(0)
}
const directory = process.argv[2] ?? fileURLToPath(new URL('../public/basemap', import.meta.url))
await mkdir(directory, { recursive: true })
await write('seats', seats())
const source = await readOutlines()
if (source) await write('leagues', outlinesOf(source))
else console.warn(`basemap: ${OUTLINES} is not installed, so the map has no league outlines`)

async function readOutlines(): Promise<EncodedCollection | null> {
  let path: string
  try {
    path = createRequire(import.meta.url).resolve(OUTLINES)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null
    throw error
  }
  return JSON.parse(await readFile(path, 'utf8')) as EncodedCollection
}

function seats(): FeatureCollection {
  const point = (level: 'league' | 'banner', { adcode, name, seat }: { adcode: string; name: string; seat: [number, number] }) => ({
    type: 'Feature' as const,
    properties: { adcode, name, nameEn: findEnglishLeagueName(adcode) ?? null, level },
    geometry: { type: 'Point' as const, coordinates: seat },
  })
  const features = leagues.flatMap((league) => [point('league', league), ...league.counties.map((banner) => point('banner', banner))])
  return { type: 'FeatureCollection', features }
}

async function write(name: string, collection: FeatureCollection): Promise<void> {
  const text = JSON.stringify(collection)
  await writeFile(join(directory, `${name}.geojson`), text)
  console.warn(`basemap: ${name}.geojson, ${collection.features.length} features, ${Math.ceil(text.length / 1024)} kB`)
}
