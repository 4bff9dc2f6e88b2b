// The line by which this page learns that one was told something. After a break the server says at once how much is unread: nothing is missed.
import { useEffect } from 'react'
import { io, type Socket } from 'socket.io-client'
import { type BrowserToServer, LIVE_SOCKET_PATH, type ServerToBrowser } from '../../services/contracts/liveSocket.ts'
import { toldAgain } from '../parts/notifications/queries.ts'

export function useNotified(): void {
  useEffect(() => {
    const socket: Socket<ServerToBrowser, BrowserToServer> = io({
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      reconnectionDelayMax: 5000,
    })
    socket.on('notified', () => void toldAgain())
    return () => void socket.disconnect()
  }, [])
}
