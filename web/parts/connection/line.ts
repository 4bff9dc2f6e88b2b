// The one live socket of this page. Whoever wants to hear joins it; it opens with the first and closes with the last.
import { io, type Socket } from 'socket.io-client'
import { type BrowserToServer, LIVE_SOCKET_PATH, type LiveView, type ServerToBrowser } from '../../../services/contracts/liveSocket.ts'

const RESTART_MS = 3_000
const LONGEST_PAUSE_MS = 5_000

/** What is heard. `opened` comes at once where the line is open already. `ended`: the server closed it on purpose, or would not open it. */
export type LineHandlers = Partial<ServerToBrowser> & { opened?: () => void; lost?: (ended: boolean) => void }
type Joined = { readonly isOpen: boolean; view(view: LiveView): void; lookAway(): void; leave(): void }
type Line = { socket: Socket<ServerToBrowser, BrowserToServer>; members: Set<LineHandlers>; again?: ReturnType<typeof setTimeout> }

let line: Line | null = null
const events = ['snapshot', 'delta', 'cells', 'counts', 'sight', 'trips', 'notified', 'refused'] as const

export function joinLine(handlers: LineHandlers): Joined {
  line ??= open()
  const { socket, members } = line
  members.add(handlers)
  if (socket.connected) queueMicrotask(() => members.has(handlers) && handlers.opened?.())
  return {
    get isOpen() {
      return socket.connected
    },
    view(view) {
      if (socket.connected) socket.emit('view', view)
    },
    lookAway() {
      if (socket.connected) socket.emit('lookAway')
    },
    leave() {
      members.delete(handlers)
      if (members.size > 0 || line?.socket !== socket) return
      clearTimeout(line.again)
      line = null
      socket.disconnect()
    },
  }
}

function open(): Line {
  const socket: Line['socket'] = io({ path: LIVE_SOCKET_PATH, transports: ['websocket'], reconnectionDelayMax: LONGEST_PAUSE_MS })
  const opened: Line = { socket, members: new Set() }
  const all = (tell: (member: LineHandlers) => void) => {
    for (const member of [...opened.members]) tell(member)
  }
  for (const event of events)
    socket.on(event, (...values: unknown[]) => all((member) => (member[event] as ((...all: unknown[]) => void) | undefined)?.(...values)))
  // Refused at the door, or ended on purpose: socket.io does not try again by itself, and somebody may sign in anew.
  const lost = (ended: boolean) => {
    all((member) => member.lost?.(ended))
    if (!ended) return
    clearTimeout(opened.again)
    opened.again = setTimeout(() => socket.connect(), RESTART_MS)
  }
  socket.on('connect', () => all((member) => member.opened?.()))
  socket.on('disconnect', () => lost(!socket.active))
  socket.on('connect_error', () => lost(!socket.active))
  return opened
}
