// One rule, said everywhere: every statement of dispatch that reads vehicles names it, or stands here with the reason why it need not.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

const room = 'services/dispatch'
/** Files with statements on vehicles that show nobody a vehicle. */
const without: Record<string, string> = {
  'kernel/sight.ts': 'the rule itself',
  'exchange/seats.ts': 'quota counts numbers, sensitive vehicles among them',
  'exchange/sheets/fuelCards.ts': 'follows its own vehicle; stored.ts says the rule',
  'exchange/sheets/pastPlates.ts': 'names the column of its owner; stored.ts says the rule',
  'exchange/sheets/quotas.ts': 'quota counts numbers',
  'exchange/sheets/terminals.ts': 'names the column of its owner; stored.ts says the rule',
  'live/ledger.ts': 'loads the picture; filter.ts says the rule for each reader',
  'registry/organisationMerge.ts': 'moves what hangs on a unit, whatever it is',
  'registry/organisationRules.ts': 'counts what keeps a unit from being closed',
  'registry/quotaList.ts': 'quota counts numbers',
  'kernel/reservations.ts': 'promises one that whoever asks has found in reach, and answers with nothing of it but its state',
  'kernel/seats.ts': 'quota counts numbers',
  'registry/seatsOfToday.ts': 'quota counts numbers, and answers nobody',
  'registry/flowSteps.ts': 'reads the category of a vehicle whose flow the reader sees',
  'secrecy/unmaskingRows.ts': 'what was asked for, told to whoever decides; the plate only while it runs, to whoever asked',
}

const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const reads = /(FROM|JOIN) vehicles\b/
const positions = /(FROM|JOIN) (positions|last_states|trips|vehicle_files|vehicle_past_plates)\b/

t.test('every statement that reads vehicles says the rule', async (t) => {
  const reading = files.filter((file) => reads.test(readFileSync(`${room}/${file}`, 'utf8')))
  t.ok(reading.length > 20, 'the statements were found')
  for (const file of reading) {
    const source = readFileSync(`${room}/${file}`, 'utf8')
    t.ok(file in without || /isOpen\(|isHidden\(/.test(source), `${file} reads vehicles without the rule of kernel/sight.ts`)
    t.notMatch(source.replaceAll(/--.*$/gm, ''), file in without ? /(?!)/ : /NOT v\.secrecy\b/, `${file} says the rule in its own words`)
  }
  for (const file of Object.keys(without)) t.ok(reading.includes(file), `${file} need no longer be excepted`)
})

t.test('where a vehicle has been is read behind a door that says the rule', async (t) => {
  /** The door that each of them stands behind. */
  const doors: Record<string, string> = {
    'kernel/names.ts': 'kernel/names.ts',
    'live/snapshot.ts': 'live/filter.ts',
    'operations/conservation.ts': 'operations/conservation.ts',
    // Sums over everything, and the newest commit: numbers alone.
    'operations/health.ts': 'live/filter.ts',
    'operations/rowCheck.ts': 'live/filter.ts',
    'registry/attachments.ts': 'registry/vehicleFile.ts',
    'registry/clocks.ts': 'registry/clocks.ts',
    'registry/fittingSince.ts': 'registry/fitting.ts',
    'registry/vehicleDetail.ts': 'registry/vehicleDetail.ts',
    'registry/vehicleFile.ts': 'registry/vehicleFile.ts',
    'registry/vehicleList.ts': 'registry/vehicleList.ts',
    'terminals/terminalRow.ts': 'terminals/terminalRow.ts',
    'tracks/track.ts': 'kernel/look.ts',
    'tracks/trips.ts': 'kernel/look.ts',
  }
  const reading = files.filter((file) => positions.test(readFileSync(`${room}/${file}`, 'utf8')))
  t.same(reading.sort(), Object.keys(doors).sort())
  for (const door of Object.values(doors)) t.match(readFileSync(`${room}/${door}`, 'utf8'), /isOpen\(|cleared/)
})
