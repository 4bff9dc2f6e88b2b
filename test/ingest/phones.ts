// Recordings as phones make them: a fix each 1 to 5 s and nothing else, carried to the car and away from it, noisy between houses, silent in
// tunnels. How far was driven is known.
import type { Point } from '../../services/ingest/trips/segment.ts'
import { at, random } from './journeys.ts'

/** What had been driven at each second, and gone at all. */
export type Outing = { points: Point[]; drivenM: number[]; goneM: number[] }
type Second = { eastM: number; northM: number; drivenM: number; goneM: number; fix: boolean }

const WALK_MPS = 1.3

/** One to three drives through a town or out of it, with walks and stays between. */
export function outing(seed: number): Outing {
  const { uniform } = random(seed * 104_729 + 7)
  const way: Second[] = []
  let [eastM, northM, drivenM, goneM, heading] = [0, 0, 0, 0, uniform() * 6.28]
  const between = (least: number, most: number): number => least + uniform() * (most - least)
  const say = (fix = true): void => void way.push({ eastM, northM, drivenM, goneM, fix })
  const go = (metres: number): void => {
    eastM += Math.sin(heading) * metres
    northM += Math.cos(heading) * metres
    goneM += metres
  }
  const stay = (seconds: number): void => {
    for (let s = 0; s < seconds; s++) say()
  }
  const walk = (metres: number): void => {
    for (let gone = 0; gone < metres; gone += WALK_MPS) {
      go(WALK_MPS)
      say()
    }
  }
  const drive = (metres: number, town: boolean): void => {
    let [mps, toLight, toTurn, tunnelS] = [0, between(300, 900), between(200, 1700), 0]
    const top = town ? between(8, 15) : between(18, 30)
    for (let gone = 0; gone < metres; gone += mps) {
      mps = Math.min(top, mps + 1.8)
      go(mps)
      drivenM += mps
      toLight -= mps
      toTurn -= mps
      tunnelS = tunnelS > 0 ? tunnelS - 1 : uniform() < 0.0006 ? between(30, 150) : 0
      say(tunnelS <= 0)
      if (town && toLight < 0) {
        if (uniform() < 0.6) {
          mps = 0
          stay(between(5, 75))
        }
        toLight = between(300, 900)
      }
      if (toTurn < 0) {
        heading += (uniform() < 0.5 ? -1 : 1) * (town ? 1.57 : 0.4)
        toTurn = between(200, 1700)
        mps = Math.min(mps, 6)
      }
    }
  }
  const legs = 1 + Math.floor(uniform() * 3)
  for (let leg = 1; leg <= legs; leg++) {
    stay(between(10, 210))
    walk(between(0, 250))
    stay(between(20, 80))
    drive(1500 + uniform() ** 2 * 25_000, uniform() < 0.7)
    stay(between(10, 50))
    walk(between(0, 250))
    if (leg < legs) stay(between(400, 3400))
  }
  return { points: recorded(way, seed), drivenM: way.map((second) => second.drivenM), goneM: way.map((second) => second.goneM) }
}

/** Noise that wanders, and now and then a reflection off a house for some seconds. */
function recorded(way: readonly Second[], seed: number): Point[] {
  const { uniform, normal } = random(seed * 7 + 3)
  const every = 1 + Math.floor(uniform() * 5)
  const sigmaM = 4 + uniform() * 14
  const points: Point[] = []
  let [x, y, reflectedS, reflectedX, reflectedY] = [0, 0, 0, 0, 0]
  for (const [s, { eastM, northM, fix }] of way.entries()) {
    x = x * 0.95 + normal() * sigmaM * 0.31
    y = y * 0.95 + normal() * sigmaM * 0.31
    if (reflectedS > 0) reflectedS--
    else if (uniform() < 0.002) [reflectedS, reflectedX, reflectedY] = [3 + Math.floor(uniform() * 8), normal() * 80, normal() * 80]
    if (s % every !== 0 || !fix) continue
    const [aside, along] = reflectedS > 0 ? [reflectedX, reflectedY] : [0, 0]
    points.push(at(s, northM + y + along + normal() * 2, {}, eastM + x + aside + normal() * 2))
  }
  return points
}
