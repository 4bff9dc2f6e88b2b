// Every MQTT topic of the system is built and read here and nowhere else.
import { adcodeSchema } from './region/region.ts'

const ROOT = 'vmp/v1'

/** Terminal numbers: 4 to 30 letters, digits, `-` or `_`; safe in a topic by construction. */
export const TERMINAL_ID = /^[A-Za-z0-9_-]{4,30}$/

/** Topic on which a terminal publishes positions: `vmp/v1/{adcode}/{terminalId}/up/location`. */
export const locationTopic = (adcode: string, terminalId: string): string => `${ROOT}/${adcode}/${terminalId}/up/location`

/** All that terminals publish; `share` names an MQTT 5 shared subscription group. */
export const uplinkFilter = (share?: string): string => (share ? `$share/${share}/${ROOT}/+/+/up/#` : `${ROOT}/+/+/up/#`)

/** What one terminal may publish, as a prefix check: any adcode, its own id. */
export function parseUplinkTopic(topic: string): { adcode: string; terminalId: string; kind: string } | undefined {
  const parts = topic.split('/')
  if (parts.length !== 6) return undefined
  const [root, version, adcode, terminalId, up, kind] = parts as [string, string, string, string, string, string]
  if (`${root}/${version}` !== ROOT || up !== 'up') return undefined
  if (!adcodeSchema.safeParse(adcode).success || !TERMINAL_ID.test(terminalId)) return undefined
  return { adcode, terminalId, kind }
}

/** Committed batches as binary frames (see liveFrame.ts), QoS 0, from ingest worker `worker`. */
export const liveFrameTopic = (worker: string): string => `live/v1/${worker}/frame`
export const liveFrameFilter = 'live/v1/+/frame'
