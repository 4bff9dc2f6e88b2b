// Circles that may not cover one another, each as near to its own place as the others allow.

type Bubble = { x: number; y: number; radius: number }

const ROUNDS = 60
/** Share of the way back to its own place that a circle takes each round. */
const HOMING = 0.05
const CLEAR_PX = 2

/** Places for circles, in the order given. Deterministic; shifting all anchors shifts all answers. */
export function spreadBubbles(anchors: readonly Bubble[]): { x: number; y: number }[] {
  const placed = anchors.map(({ x, y }) => ({ x, y }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, place] of placed.entries()) {
      place.x += (anchors[i]!.x - place.x) * HOMING
      place.y += (anchors[i]!.y - place.y) * HOMING
    }
    if (!pushApart(placed, anchors)) return placed
  }
  for (let round = 0; round < ROUNDS && pushApart(placed, anchors); round++);
  return placed
}

/** Returns whether any pair still overlapped. */
function pushApart(placed: { x: number; y: number }[], anchors: readonly Bubble[]): boolean {
  let moved = false
  for (let i = 0; i < placed.length; i++)
    for (let j = i + 1; j < placed.length; j++) {
      const a = placed[i]!
      const b = placed[j]!
      const wanted = anchors[i]!.radius + anchors[j]!.radius + CLEAR_PX
      const dx = b.x - a.x
      const dy = b.y - a.y
      const distance = Math.hypot(dx, dy)
      if (distance >= wanted - 0.01) continue
      const push = (wanted - distance) / 2
      const ux = distance > 0 ? dx / distance : 1
      const uy = distance > 0 ? dy / distance : 0
      a.x -= ux * push
      a.y -= uy * push
      b.x += ux * push
      b.y += uy * push
      moved = true
    }
  return moved
}
