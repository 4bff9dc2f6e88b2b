// Says when the broker goes away and when it is back, once each, however many connections there are.
import type { Links } from './links.ts'

export function reportTrouble({ all }: Links, say: (line: string) => void): void {
  let down = false
  for (const link of all) {
    link.on('up', () => {
      if (down) say('The broker is back; forwarding what was stored.')
      down = false
    })
    link.on('down', (reason) => {
      const why = reason?.message || (reason as NodeJS.ErrnoException | undefined)?.code
      if (!down) say(`No connection to the broker${why ? ` (${why})` : ''}; storing positions and trying again.`)
      down = true
    })
  }
}
