// One client's connection. Uplink publishes are taken out of the byte stream here and handed to the pipeline; everything else
// passes on to Aedes, for which this is the socket.
//   Why: Aedes reads a connection's next chunk only when every publish of the last one has been acked, so a gateway would be
//   held to one socket buffer a commit; it puts no bound on what a client may have in flight; and it routes each message.
//   A client's states: greeting (CONNECT not complete) → waiting (Aedes authenticates) → open. `held` stops the reading in any.
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { MAX_MESSAGE_BYTES } from '../../contracts/position.ts'
import type { Identity } from './authority.ts'
import { ackBytes, CONNECT, keepAliveOf, PUBLISH, PUBREL, type Publish, packetLength, pubcomp, readPublish, typeOf } from './packets.ts'

/** Payloads past MAX_MESSAGE_BYTES are still read up to here, so that they can be quarantined and acked rather than sent for ever. */
const MAX_PACKET_BYTES = 2 * MAX_MESSAGE_BYTES
/** Nobody is authenticated before CONNECT: client id, user name, password and a will fit in this. */
const MAX_CONNECT_BYTES = 4096

export type TapHost = {
  /** True while senders are not to be read. */
  paused(): boolean
  nowMs(): number
  /** Takes an uplink publish: false = this one belongs to Aedes; a promise = hold this client until it settles, then ask again. */
  publish(tap: UplinkTap, publish: Publish): boolean | Promise<void>
  /** The tap has acks to write: call `flushAcks` soon. */
  acksWaiting(tap: UplinkTap): void
  /** The tap closes the connection, and why. */
  breach(tap: UplinkTap, why: string): void
}

const header = { headerLength: 0 }

export class UplinkTap extends Duplex {
  identity: Identity | undefined
  keepAliveSeconds = 0
  heardAtMs: number
  #socket: Socket
  #host: TapHost
  #state: 'greeting' | 'waiting' | 'open' = 'greeting'
  #parts: Buffer[] = []
  #bytes = 0
  #needed = 0
  #acks: number[] = []
  #asking = false
  /** Its socket is not read. */
  #stopped = false
  #controlFull = false

  constructor(socket: Socket, host: TapHost) {
    super({ allowHalfOpen: false, autoDestroy: true })
    this.#socket = socket
    this.#host = host
    this.heardAtMs = host.nowMs()
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  /** Aedes has let the client in: read on. */
  open(): void {
    this.#state = 'open'
    this.readOn()
  }

  /** Reads on after a pause. False where there is nothing that was not read. */
  readOn(): boolean {
    if (!this.#stopped || this.destroyed || this.held) return false
    this.#parse()
    if (!this.held) {
      this.#stopped = false
      this.#socket.resume()
    }
    return true
  }

  #stop(): void {
    this.#stopped = true
    this.#socket.pause()
  }

  get held(): boolean {
    return this.#state === 'waiting' || this.#asking || this.#controlFull || (this.#state === 'open' && this.#host.paused())
  }

  ack(qos: number, messageId: number): void {
    if (this.destroyed) return
    if (this.#acks.push(qos * 65_536 + messageId) === 1) this.#host.acksWaiting(this)
  }

  /** Writes the acks given since the last flush in one piece. A client that does not read them is closed: it will send again. */
  flushAcks(): void {
    if (this.destroyed || this.#acks.length === 0) return
    this.#socket.write(ackBytes(this.#acks))
    this.#acks = []
    if (this.#socket.writableLength > MAX_PACKET_BYTES) this.#close('does not read its acks')
  }

  /** Resolves when what was written has been handed to the kernel, or the client has gone. */
  sendAll(): Promise<void> {
    if (this.destroyed || this.#socket.writableLength === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.once('close', resolve)
      this.#socket.write('', () => resolve())
    })
  }

  override _read(): void {
    if (!this.#controlFull) return
    this.#controlFull = false
    this.readOn()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#parts = []
    this.#socket.destroy()
    done(error)
  }

  #receive(chunk: Buffer): void {
    this.heardAtMs = this.#host.nowMs()
    this.#parts.push(chunk)
    this.#bytes += chunk.length
    if (this.held) this.#stop()
    else if (this.#bytes >= this.#needed) this.#parse()
  }

  #parse(): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    let at = 0
    this.#needed = 0
    while (at < bytes.length) {
      if (this.#state === 'greeting' && typeOf(bytes, at) !== CONNECT) return void this.#close('first packet is not CONNECT')
      const length = packetLength(bytes, at, header)
      if (length < 0) return void this.#close('not MQTT')
      if (length > (this.#state === 'greeting' ? MAX_CONNECT_BYTES : MAX_PACKET_BYTES)) return void this.#close(`packet of ${length} bytes`)
      if (length === 0 || at + length > bytes.length) {
        this.#needed = length || bytes.length - at + 1
        break
      }
      const taken = this.#packet(bytes.subarray(at, at + length), header.headerLength)
      if (this.destroyed) return
      if (taken) at += length
      if (!taken || this.held) {
        this.#stop()
        break
      }
    }
    this.#parts = at < bytes.length ? [bytes.subarray(at)] : []
    this.#bytes = bytes.length - at
  }

  /** Deals with one whole packet. False when it is to be offered again after the hold. */
  #packet(packet: Buffer, headerLength: number): boolean {
    const type = typeOf(packet, 0)
    if (this.#state === 'greeting') return this.#greet(packet, headerLength)
    if (type === PUBREL && packet.length === 4) {
      // QoS 2 needs no memory here: the second half of its handshake can only follow a PUBREC, and that followed the commit.
      this.#socket.write(pubcomp(packet.readUInt16BE(2)))
      return true
    }
    if (type === PUBLISH) {
      const publish = readPublish(packet, headerLength)
      if (!publish) {
        this.#close('malformed PUBLISH')
        return false
      }
      const taken = this.#host.publish(this, publish)
      if (taken === true) return true
      if (taken !== false) {
        this.#asking = true
        void taken.finally(() => {
          this.#asking = false
          this.readOn()
        })
        return false
      }
    }
    this.#passOn(packet)
    return true
  }

  #greet(packet: Buffer, headerLength: number): boolean {
    const keepAlive = keepAliveOf(packet, headerLength)
    if (!keepAlive) {
      this.#close('malformed CONNECT')
      return false
    }
    // Keep-alive is watched here, where every packet is seen; Aedes, which sees few, is told that there is none.
    this.keepAliveSeconds = keepAlive.seconds
    const forAedes = Buffer.from(packet)
    forAedes.writeUInt16BE(0, keepAlive.at)
    this.#state = 'waiting'
    this.#passOn(forAedes)
    return true
  }

  #passOn(packet: Buffer): void {
    if (!this.push(packet)) this.#controlFull = true
  }

  #close(why: string): void {
    this.#host.breach(this, why)
    this.destroy()
  }
}
