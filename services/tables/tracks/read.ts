// Bytes of somebody's track → one line. What it is its content says, and not its name.
import { decodeText, decodeXml } from '../encoding.ts'
import { Unreadable } from '../unreadable.ts'
import { readGeojsonTrack } from './geojsonTrack.ts'
import { type ForeignTrack, refuseTrack, trackOf } from './track.ts'
import { readXmlTrack } from './xmlTrack.ts'

/** @throws Refusal VALIDATION_FAILED with why it is no track, and where */
export async function readForeignTrack(bytes: Buffer): Promise<ForeignTrack> {
  if (bytes.length === 0) refuseTrack('body.empty')
  const head = bytes.subarray(0, 64).toString('latin1')
  if (head.startsWith('PK\u0003\u0004')) refuseTrack('exhibit.zip')
  const text = decoded(bytes)
    .replace(/^\ufeff/, '')
    .trimStart()
  if (text === '') refuseTrack('body.empty')
  if (text.startsWith('{') || text.startsWith('[')) return trackOf('geojson', readGeojsonTrack(text))
  // A page of the web, such as the portal's when nobody was signed in any more; many are no XML.
  if (/^<(?:!doctype\s+)?html\b/i.test(text)) refuseTrack('exhibit.kind', { root: 'html' })
  if (!text.startsWith('<')) refuseTrack('exhibit.kind', { root: text.slice(0, 20) })
  const { kind, gathered } = await readXmlTrack(text)
  return trackOf(kind, gathered)
}

function decoded(bytes: Buffer): string {
  try {
    return /^\s*(\ufeff|ï»¿)?\s*[{[]/.test(bytes.subarray(0, 64).toString('latin1')) ? decodeText(bytes) : decodeXml(bytes)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return refuseTrack('exhibit.kind', { root: '?' })
  }
}
