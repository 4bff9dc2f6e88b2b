// Twenty vehicles' day in step at 600×: how long frames take in Chromium.
import type { Desk } from './desk.ts'
import { openReplay } from './page.ts'
import { layTrack } from './tracks.ts'

const DAY_MS = 86_400_000
const FIRST = 3_000
const VEHICLES = 20
const SECONDS = 10

export async function measureReplay({ db, history, origin }: Desk): Promise<object> {
  const fromMs = history.lastMs
  const ids = Array.from({ length: VEHICLES }, (_, n) => FIRST + n)
  for (const id of ids) await layTrack(db, id, fromMs, fromMs + DAY_MS, 10)
  const replay = await openReplay(await origin())
  try {
    const { page } = replay
    const painted = await replay.show(ids, fromMs, fromMs + DAY_MS)
    // From 60× on.
    for (let n = 0; n < 3; n++) await page.keyboard.press(']')
    await page.keyboard.press('Space')
    const frames = await replay.frames(SECONDS)
    return { vehicles: VEHICLES, speed: await page.locator('.replay-buttons .ant-select').first().textContent(), painted, ...frames }
  } finally {
    await replay.close()
  }
}
