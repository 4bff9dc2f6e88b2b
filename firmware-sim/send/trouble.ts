// Says when the broker goes away and when it is back, once each, however many connections there are.
import type { Links } from './links.ts'

export function reportTrouble({ all }: Links, say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): void {
  let down = false
  for (const link of all) {
    const after = link.onRoom
    link.onRoom = () => {
      if (down) say('The broker is back; forwarding what was stored.')
      down = false
      after()
    }
    link.onLost = (reason) => {
      if (!down)
        say(
          `No connection to the broker${reason ? ` (${reason.message || (reason as NodeJS.ErrnoException).code})` : ''}; storing positions and trying again.`,
        )
      down = true
    }
  }
}
