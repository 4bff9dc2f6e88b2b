// Every MQTT topic of the system is built and read here and nowhere else.
import { adcodeSchema } from '../domain/region/region.ts'

const ROOT = 'vmp/v1'

/** Terminal numbers: 4 to 30 letters, digits, `-` or `_`; safe in a topic by construction. */
export const TERMINAL_ID = /^[A-Za-z0-9_-]{4,30}$/

/** Names of the broker's accounts: terminals, gateways, our services. What is written otherwise is nobody's, and is not looked up. */
export const ACCOUNT_NAME = /^[A-Za-z0-9_-]{1,64}$/

/**
 * The kinds of message that come in (docs/device-protocol.md): the sixth level of their topics. ingest/kinds.ts has a line for each. Terminals send
 * `location` and `driver`; `phone` is sent by our own service alone, for drivers' phones.
 */
export const uplinkKinds = ['location', 'driver', 'phone'] as const
export type UplinkKind = (typeof uplinkKinds)[number]

/** Topic on which a terminal publishes messages of a kind: `vmp/v1/{adcode}/{terminalId}/up/{kind}`. */
const uplinkTopic = (kind: UplinkKind, adcode: string, terminalId: string): string => `${ROOT}/${adcode}/${terminalId}/up/${kind}`

/** Topic on which a terminal publishes positions. */
export const locationTopic = (adcode: string, terminalId: string): string => uplinkTopic('location', adcode, terminalId)

/** Our own services at the broker: their account, and under it what they bring in themselves. No terminal has that name. */
export const SERVICE_NAME = 'morin-service'

/** Topic on which our service publishes what drivers' phones said of where they are, asking for a receipt. */
export const phoneTopic = (adcode: string, receiptId: string): string => `${uplinkTopic('phone', adcode, SERVICE_NAME)}/${receiptId}`
/** All receipts for what our service has brought in. */
export const serviceReceiptFilter = `${ROOT}/+/${SERVICE_NAME}/dn/receipt/+`

/** All that terminals publish; `share` names an MQTT 5 shared subscription group. */
export const uplinkFilter = (share?: string): string => (share ? `$share/${share}/${ROOT}/+/+/up/#` : `${ROOT}/+/+/up/#`)

/** What a terminal calls a message for which it wants a receipt. */
const RECEIPT_ID = /^[A-Za-z0-9_-]{1,32}$/

/** Topic on which a terminal hears that its message `receiptId` is in the database: `vmp/v1/{adcode}/{terminalId}/dn/receipt/{receiptId}`. */
export const receiptTopic = (adcode: string, terminalId: string, receiptId: string): string =>
  `${ROOT}/${adcode}/${terminalId}/dn/receipt/${receiptId}`

export type UplinkTopic = Readonly<{ adcode: string; terminalId: string; kind: string; receiptId?: string | undefined }>

/** A terminal sends on one topic all its life, and each message is asked for its topic several times on its way. */
const read = new Map<string, UplinkTopic>()
const MOST_READ = 65_536
const LONGEST_READ = 100

/** What one terminal may publish, as a prefix check: any adcode, its own id. A seventh level asks for a receipt by that name. */
export function parseUplinkTopic(topic: string): UplinkTopic | undefined {
  const known = read.get(topic)
  if (known) return known
  const uplink = readUplinkTopic(topic)
  // Of those that ask for a receipt each is another.
  if (uplink && uplink.receiptId === undefined && topic.length <= LONGEST_READ) {
    if (read.size >= MOST_READ) read.clear()
    read.set(topic, uplink)
  }
  return uplink
}

function readUplinkTopic(topic: string): UplinkTopic | undefined {
  const parts = topic.split('/')
  if (parts.length !== 6 && parts.length !== 7) return undefined
  const [root, version, adcode, terminalId, up, kind, receiptId] = parts as [string, string, string, string, string, string, string?]
  if (receiptId !== undefined && !RECEIPT_ID.test(receiptId)) return undefined
  if (`${root}/${version}` !== ROOT || up !== 'up') return undefined
  if (!adcodeSchema.safeParse(adcode).success || !TERMINAL_ID.test(terminalId)) return undefined
  return { adcode, terminalId, kind, receiptId }
}

/** Committed batches as binary frames (see liveFrame.ts), QoS 0, from ingest worker `worker`. */
export const liveFrameTopic = (worker: string): string => `live/v1/${worker}/frame`
export const liveFrameFilter = 'live/v1/+/frame'
