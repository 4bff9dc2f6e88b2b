// Which terminal speaks for which recorded device. Devices that nobody bound get terminals from the end of the manifest, in the order of
// their names: a simulator that drives only some vehicles (--vehicles) drives the first ones.
import { readFileSync } from 'node:fs'
import type { Manifest, ManifestTerminal } from '../../services/contracts/manifest.ts'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { decodeText } from '../../services/tables/encoding.ts'
import { UsageError } from '../usageError.ts'

export type Binding = Map<string, ManifestTerminal>

/** @throws UsageError for a binding that names an unknown device or terminal, or one terminal twice */
export function bindDevices(devices: Iterable<string>, { terminals }: Manifest, asked: ReadonlyMap<string, string>): Binding {
  const names = [...devices].sort()
  const byId = new Map(terminals.map((terminal) => [terminal.terminalId, terminal]))
  const taken = new Map<string, string>()
  for (const [device, terminalId] of asked) {
    if (!names.includes(device)) throw new UsageError(`The recording has no device ${device} to bind to ${terminalId}.`)
    if (!byId.has(terminalId)) throw new UsageError(`The manifest has no terminal ${terminalId} for device ${device}.`)
    if (taken.has(terminalId))
      throw new UsageError(`Terminal ${terminalId} is bound to two devices: ${taken.get(terminalId)} and ${device}.`)
    taken.set(terminalId, device)
  }
  const free = terminals.filter(({ terminalId }) => !taken.has(terminalId)).reverse()
  const unbound = names.filter((device) => !asked.has(device))
  if (unbound.length > free.length)
    throw new UsageError(`The recording has ${names.length} devices and the manifest only ${terminals.length} terminals.`)
  const given = new Map(unbound.map((device, n) => [device, free[n] as ManifestTerminal]))
  return new Map(names.map((device) => [device, given.get(device) ?? (byId.get(asked.get(device) as string) as ManifestTerminal)]))
}

/** Reads device=terminalId pairs: comma-separated from a flag, one per line from a file; # begins a comment line. */
export function readBindings(list: string | undefined, file: string | undefined): Map<string, string> {
  const pairs = [...(list ? list.split(',') : []), ...(file ? readLines(file) : [])]
    .map((pair) => pair.trim())
    .filter((pair) => pair && !pair.startsWith('#'))
  return new Map(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=')
      if (at < 1 || at === pair.length - 1) throw new UsageError(`The binding ${JSON.stringify(pair)} is not device=terminalId.`)
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    }),
  )
}

/** The table that is printed before a replay. */
export function bindingTable(binding: Binding): string {
  const rows = [
    ['device', 'terminal', 'plate'],
    ...[...binding].map(([device, { terminalId, plate }]) => [device, terminalId, plateAsPrinted(plate)]),
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows.map(([a = '', b = '', c = '']) => `${a.padEnd(widths[0] as number)}  ${b.padEnd(widths[1] as number)}  ${c}`).join('\n')
}

function readLines(file: string): string[] {
  try {
    return decodeText(readFileSync(file)).split(/\r?\n/)
  } catch (error) {
    throw new UsageError(`The binding file ${file} cannot be read: ${(error as Error).message}.`)
  }
}
