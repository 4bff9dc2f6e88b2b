// The rule of sensitive vehicles stands in the database: its doors let through what a reader may see, and past them nothing of a vehicle
// can be read. Who reads behind them all the same is few, and says why.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { openRegion } from './world.ts'

const db = await openRegion(t)
const SECRET = 202
await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = $1', [SECRET])

const numbers = async (from: string, ...values: unknown[]) =>
  (await db.query<{ id: number }>(`SELECT vehicle_id AS id FROM ${from} ORDER BY 1`, values)).rows.map(({ id }) => id)

t.test('a hidden vehicle is behind no door: it is open to whom it is cleared for, and hidden from everybody else', async (t) => {
  const every = await numbers('every_vehicle')
  t.ok(every.includes(SECRET))
  const others = every.filter((id) => id !== SECRET)
  for (const cleared of [[], [201], null]) {
    t.same(await numbers('open_vehicles($1)', cleared), others, `cleared: ${JSON.stringify(cleared)}`)
    t.same(await numbers('hidden_vehicles($1)', cleared), [SECRET])
  }
  t.same(await numbers('open_vehicles($1)', [SECRET]), every)
  t.same(await numbers('hidden_vehicles($1)', [SECRET]), [])
})

t.test('what names or describes a vehicle cannot be read past the doors', async (t) => {
  const { rows } = await db.query<{ column: string; readable: boolean }>(
    `SELECT attname AS column, has_column_privilege('vehicles', attname, 'SELECT') AS readable FROM pg_attribute
      WHERE attrelid = 'vehicles'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname`,
  )
  const counted = [
    'act',
    'category',
    'energy',
    'in_service_on',
    'owner_unit_id',
    'quota_seat',
    'registered_on',
    'state',
    'user_unit_id',
    'version',
  ]
  t.same(
    rows.filter(({ readable }) => readable).map(({ column }) => column),
    [...counted, 'vehicle_id'].sort(),
  )
  for (const statement of [
    'SELECT plate FROM vehicles',
    'SELECT v.* FROM vehicles v',
    'SELECT vehicle_id FROM vehicles WHERE NOT secrecy',
    `SELECT vehicle_id FROM vehicles WHERE plate = '蒙AA0202'`,
    'UPDATE vehicles SET version = version RETURNING plate',
    'COPY vehicles TO STDOUT',
  ])
    await t.rejects(db.query(statement), /permission denied for table vehicles/, statement)
})

t.test('whatever column a vehicle gets, its doors have it', async (t) => {
  const columnsOf = async (relation: string) =>
    (
      await db.query<{ name: string }>(
        `SELECT attname::text AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [relation],
      )
    ).rows.map(({ name }) => name)
  t.same(await columnsOf('every_vehicle'), await columnsOf('vehicles'), 'see migration 0050')
  t.same(Object.keys((await db.query(`SELECT * FROM open_vehicles('{}') LIMIT 1`)).rows[0]!), await columnsOf('vehicles'))
})

t.test('the planner writes the rule into the statement: no function is called, and indices serve', async (t) => {
  const planOf = async (statement: string) =>
    (await db.query<{ 'QUERY PLAN': string }>(`EXPLAIN (VERBOSE) ${statement}`)).rows.map((row) => row['QUERY PLAN']).join('\n')
  for (const from of [`open_vehicles('{202}')`, `hidden_vehicles('{202}')`]) {
    const all = await planOf(`SELECT vehicle_id FROM ${from}`)
    t.notMatch(all, /Function Scan|is_open|every_vehicle/, from)
    t.match(all, /on public\.vehicles/)
  }
  t.match(await planOf(`SELECT plate FROM open_vehicles('{}') WHERE vehicle_id = 201`), /Index Scan using vehicles_pkey/)
  t.match(
    await planOf(
      `SELECT t.terminal_id, v.plate FROM terminals t LEFT JOIN open_vehicles('{}') v USING (vehicle_id) WHERE t.terminal_id = 'T'`,
    ),
    /vehicles_pkey/,
  )
})

const room = 'services/dispatch'
const positions =
  /(FROM|JOIN) (positions|phone_positions|last_states|trips|vehicle_files|vehicle_past_plates)\b|= \(?countingPositions|\{countingPositions\(|sourceOf\('positions'/
const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

t.test('who reads every vehicle, and shows nobody one that is hidden from him, says why', async (t) => {
  const reasons: Record<string, string> = {
    'kernel/sight.ts': 'which are seen coarsely; by the numbers that stand for them',
    'kernel/availability.ts': 'state and days of one that whoever asks has found in reach',
    'exchange/sheets/vehicles.ts': 'written by imports; list.ts and stored.ts leave out what is hidden',
    'live/ledger.ts': 'loads the picture; filter.ts says the rule for each reader',
    'orders/loans.ts': 'whether it is fit and free for the time asked; a refusal says no more than that it is not',
    'registry/bulkAtOnce.ts': 'locks its rows, and says isOpen',
    'registry/vehicleChange.ts': 'locks its row, and says isOpen',
    'registry/vehicleList.ts': 'those seen coarsely; and its page, of what was found',
    'secrecy/register.ts': 'the register: numbers, and isOpen for the plate',
    'secrecy/unmaskingRows.ts': 'what was asked for, told to whoever decides; the plate only while it runs, to whoever asked',
    'supervision/procedure.ts': 'what becomes overdue by the clock; nobody is shown it',
    'supervision/factRows.ts': 'what the system judges by, of vehicles of readFacts.ts',
    'supervision/readFacts.ts': 'what the system judges by; findingRows.ts and trial.ts leave out what is hidden',
    'statistics/facts.ts': 'added up, whoever looks; listFacts.ts leaves out what is hidden and says how many they are',
    'publication/draft.ts': 'what may be public: nothing of a vehicle that is not open to everybody',
    'statistics/filing/compareFilings.ts': 'plates of vehicles that are not hidden; of the others how many they are',
    'statistics/listFacts.ts': 'plates of rows that are not hidden',
    'terminals/register.ts': 'locks its rows, and says isOpen',
    'terminals/terminalRow.ts': 'of terminals that were found in sight',
    'upkeep/vehicle.ts': 'locks its row, and says isOpen',
  }
  t.same(files.filter((file) => readFileSync(`${room}/${file}`, 'utf8').includes('every_vehicle')).sort(), Object.keys(reasons).sort())
})

t.test('where a vehicle has been is read behind a door that says the rule', async (t) => {
  /** The door that each of them stands behind. */
  const doors: Record<string, string> = {
    'cases/evidence/sources.ts': 'cases/evidence/sources.ts',
    'costs/matchLines.ts': 'costs/matchLines.ts',
    // A piece of the statements of those who stand behind theirs.
    'kernel/countingPositions.ts': 'kernel/look.ts',
    'kernel/names.ts': 'kernel/names.ts',
    'live/snapshot.ts': 'live/filter.ts',
    'operations/conservation.ts': 'operations/conservation.ts',
    // Sums over everything, and the newest commit: numbers alone.
    'operations/health.ts': 'live/filter.ts',
    'operations/rowCheck.ts': 'live/filter.ts',
    'orders/candidates.ts': 'orders/candidates.ts',
    // Of an order that was loaded as its asker sees it.
    'orders/following.ts': 'orders/orderRows.ts',
    // Derived for whoever sees the order, and told of with its vehicle.
    'orders/track.ts': 'orders/orderRows.ts',
    'registry/attachments.ts': 'registry/vehicleFile.ts',
    'registry/clocks.ts': 'registry/clocks.ts',
    'registry/fittingSince.ts': 'registry/fitting.ts',
    'registry/vehicleDetail.ts': 'registry/vehicleDetail.ts',
    'registry/vehicleFile.ts': 'registry/vehicleFile.ts',
    'registry/vehicleList.ts': 'registry/vehicleList.ts',
    // Whether there was a trip in a month or a year: sums; rows of hidden vehicles are left out.
    'statistics/facts.ts': 'statistics/listFacts.ts',
    // How far it was driven in all, and no place: of vehicles that were found in sight.
    'upkeep/odometer.ts': 'upkeep/due.ts',
    // By a plate of then.
    'upkeep/mishaps.ts': 'upkeep/mishaps.ts',
    // Judged of every sealed vehicle; of a hidden one its seal is hidden as well.
    'sealing/prove.ts': 'sealing/sealRows.ts',
    // Judged of every vehicle; of a hidden one its finding is hidden as well.
    'supervision/factRows.ts': 'supervision/findingRows.ts',
    'supervision/readFacts.ts': 'supervision/findingRows.ts',
    'terminals/terminalRow.ts': 'kernel/sight.ts',
    'tracks/track.ts': 'kernel/look.ts',
    'tracks/trackBytes.ts': 'kernel/look.ts',
    'tracks/trips.ts': 'kernel/look.ts',
    ...Object.fromEntries(
      // Of vehicles that the question holds in sight.
      ['candidates', 'doing', 'instant', 'nights', 'points'].map((name) => [`whereabouts/${name}.ts`, 'whereabouts/ask.ts']),
    ),
  }
  const reading = files.filter((file) => positions.test(readFileSync(`${room}/${file}`, 'utf8')))
  t.same(reading.sort(), Object.keys(doors).sort())
  for (const door of Object.values(doors)) t.match(readFileSync(`${room}/${door}`, 'utf8'), /openVehicles\(|isOpen\(|cleared/)
})
