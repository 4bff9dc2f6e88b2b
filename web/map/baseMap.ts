// What a base map is, wherever it comes from.
import type { StyleSpecification } from 'maplibre-gl'
import type { Locale } from '../kit/format/time.ts'
import type { Palette } from './palette.ts'

export type BaseMap = {
  kind: 'offline' | 'style' | 'tianditu' | 'pmtiles'
  /** The style for a theme and language; the same layers each time, so that only paint and words change. */
  styleFor: (palette: Palette, locale: Locale) => StyleSpecification
}
