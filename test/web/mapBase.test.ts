// Base maps by configuration: the schematic needs nothing from outside, and 天地图 gets row and column the right way round.
import t from 'tap'
import { isConfigured, loadBaseMap, offlineBase } from '../../web/map/baseSources.ts'
import { palettes } from '../../web/map/palette.ts'

const none = { styleUrl: null, tiandituKey: null, pmtilesUrl: null, reviewNo: null }

t.test('without configuration the base map is the schematic, which names no foreign host and no glyph server', async (t) => {
  t.equal(isConfigured(none), false)
  t.equal(await loadBaseMap(none), offlineBase)
  const style = offlineBase.styleFor(palettes.light, 'zh-CN')
  t.notMatch(JSON.stringify(style), /https?:/)
  t.equal(style.glyphs, undefined)
  t.equal(style.sprite, undefined)
})

t.test('both themes and languages of a base map have the same layers, so that a switch only repaints', async (t) => {
  for (const base of [offlineBase, await loadBaseMap({ ...none, tiandituKey: 'k' })]) {
    const layers = (theme: 'light' | 'dark', locale: 'zh-CN' | 'en') => base.styleFor(palettes[theme], locale).layers.map(({ id }) => id)
    t.same(layers('light', 'zh-CN'), layers('dark', 'en'))
  }
})

t.test('天地图 tiles take the row from y and the column from x, in spherical Mercator, with the key encoded', async (t) => {
  const base = await loadBaseMap({ ...none, tiandituKey: 'a&b' })
  const source = base.styleFor(palettes.light, 'zh-CN').sources['tianditu-map'] as { tiles: string[] }
  const url = new URL(source.tiles[0]!.replace('{z}', '5').replace('{x}', '26').replace('{y}', '12'))
  t.equal(url.searchParams.get('TILEROW'), '12')
  t.equal(url.searchParams.get('TILECOL'), '26')
  t.equal(url.searchParams.get('TILEMATRIXSET'), 'w')
  t.equal(url.searchParams.get('tk'), 'a&b')
})
