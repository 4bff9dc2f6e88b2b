// Five places of the tree, each with one of everything, and a sixth that does not exist. Who stands at `own` must reach what is there
// and below, and nothing else.
//
//   自治区(1) ─┬─ … 新城区(4) ── 上级单位(40) ─┬─ 本单位(41) ── 下级单位(43)      parent ─┬─ own ── below
//              │                              └─ 同级单位(42)                            └─ sibling
//              └─ 包头市(3) ── 丙单位(30)                                        other
import { randomBytes } from 'node:crypto'
import { renumber } from '../../../services/dispatch/registry/tree.ts'
import { sha256 } from '../../../services/platform/crypto.ts'
import type { Database } from '../../../services/platform/db.ts'
import { NOW_MS, putState } from '../region.ts'
import { ask, type World } from '../world.ts'
import { fileTwice } from './filingSite.ts'
import { furnishOrders, type OrderSite, orderKeys } from './orderSite.ts'
import { furnishSecret, type SecretSite, secretKeys } from './secretSite.ts'

export const wheres = ['own', 'below', 'sibling', 'parent', 'other', 'absent'] as const
export type Where = (typeof wheres)[number]

/** The numbers by which requests name what is at a place. */
export type Site = SecretSite &
  OrderSite & {
    where: Where
    unit: number
    vehicle: number
    /** Bound to nothing and driven by nobody. */
    spareVehicle: number
    terminal: string
    /** In no vehicle. */
    freeTerminal: string
    file: number
    quota: number
    flow: number
    compound: number
    pool: number
    driver: number
    loan: number
    leave: number
    place: number
    supplier: number
    fuelCard: number
    /** Asks for a role and has a second factor. */
    account: number
    /** A bureau administrator at work. */
    activeAccount: number
    disabledAccount: number
    session: number
    apiToken: number
    import: number
    webhook: number
    quarantine: number
    case: number
    /** In that case, waiting for a second person. */
    caseVehicle: number
    /** A package of that case. */
    evidence: number
    /** Of that case, asked of somebody of the place. */
    finding: number
    /** A comparison track of that case. */
    exhibit: number
    /** Told of, and not answered. */
    supervision: number
    /** Offered by the place to its driver. */
    handover: number
    ruleParams: number
    sealPlan: number
    /** Of that plan, sealed, with one photo. */
    seal: number
    /** Of the vehicle, every 5,000 km. */
    maintenancePlan: number
    /** Estimated, for next month. */
    workOrder: number
    /** Of the vehicle's inspection. */
    renewal: number
    /** An accident that was not verified yet. */
    mishap: number
    /** Filled twice, waiting for review. */
    filing: number
    /** Drafted by the place's administrator. */
    publication: number
    /** Goes to the place’s administrator. */
    report: number
    letter: number
    /** Of that report, come to him. */
    delivery: number
    audit: number
  }
export type Sites = Record<Where, Site>

const unitOf: Record<Exclude<Where, 'absent'>, number> = { own: 41, below: 43, sibling: 42, parent: 40, other: 30 }
const ABSENT = 2_000_000_000

const absent: Site = {
  ...(Object.fromEntries(
    (
      [
        'unit',
        'vehicle',
        'spareVehicle',
        'file',
        'quota',
        'flow',
        'compound',
        'pool',
        'driver',
        'loan',
        'leave',
        'place',
        'supplier',
        'fuelCard',
        'account',
        'activeAccount',
        'disabledAccount',
        'session',
        'apiToken',
        'import',
        'webhook',
        'quarantine',
        'case',
        'caseVehicle',
        'evidence',
        'finding',
        'exhibit',
        'supervision',
        'handover',
        'ruleParams',
        'sealPlan',
        'seal',
        'maintenancePlan',
        'workOrder',
        'renewal',
        'mishap',
        'filing',
        'publication',
        'report',
        'letter',
        'delivery',
        'audit',
        ...secretKeys,
        ...orderKeys,
      ] as const
    ).map((key) => [key, ABSENT]),
  ) as Omit<Site, 'where' | 'terminal' | 'freeTerminal'>),
  where: 'absent',
  terminal: 'TABSENT1',
  freeTerminal: 'TABSENT2',
}

/** Grows the small region by the units above and furnishes every place. */
export async function addUnits(db: Database): Promise<void> {
  for (const [id, parent, name] of [
    [40, 4, '上级单位'],
    [41, 40, '本单位'],
    [42, 40, '同级单位'],
    [43, 41, '下级单位'],
  ] as const)
    await db.query(
      `INSERT INTO organisations (organisation_id, parent_id, kind, adcode, name, lft, rgt) VALUES ($1, $2, 'unit', '150102', $3, $4, $5)`,
      [id, parent, name, 1_000_000 + id * 2, 1_000_001 + id * 2],
    )
  await renumber(db)
}

export async function furnishSites(world: World): Promise<Sites> {
  const sites = { absent } as Sites
  for (const where of Object.keys(unitOf) as (keyof typeof unitOf)[]) sites[where] = await furnish(world, where, unitOf[where])
  // A transfer is seen from both of its sides.
  await world.db.query(
    `INSERT INTO ledger_flows (kind, state, unit_id, to_unit_id, vehicle_id, started_at) VALUES ('transfer', 'PROPOSED', $1, $2, $3, $4)`,
    [sites.sibling.unit, sites.own.unit, sites.sibling.vehicle, new Date(NOW_MS)],
  )
  return sites
}

async function furnish(world: World, where: Exclude<Where, 'absent'>, unit: number): Promise<Site> {
  const { db } = world
  const one = async (sql: string, ...values: unknown[]): Promise<number> => (await db.query<{ id: number }>(sql, values)).rows[0]!.id
  const now = new Date(NOW_MS)
  const vehicleNumbered = async (number: number, letter: string, state = 'AVAILABLE') =>
    one(
      `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id, state)
       VALUES ($1, $2, 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, '2022-05-01', $3, $3, $4) RETURNING vehicle_id AS id`,
      number,
      `蒙A${letter}00${unit}`,
      unit,
      state,
    )
  const vehicle = await vehicleNumbered(5000 + unit, 'X')
  const spareVehicle = await vehicleNumbered(5100 + unit, 'Y')
  const leaving = await vehicleNumbered(5200 + unit, 'Z', 'DISPOSAL_PENDING')
  const terminal = `TSITE${unit}`
  await db.query('INSERT INTO terminals (terminal_id, vehicle_id, credential_hash) VALUES ($1, $2, $3)', [
    terminal,
    vehicle,
    Buffer.from('x'),
  ])
  const freeTerminal = `TFREE${unit}`
  await db.query('INSERT INTO terminals (terminal_id, organisation_id) VALUES ($1, $2)', [freeTerminal, unit])
  for (const name of [terminal, `KNOCK${unit}`])
    await db.query(`INSERT INTO terminal_knocks VALUES ($1, 'secret', $2, $2, 1, '192.0.2.7')`, [name, now])
  await putState(db, { vehicleId: vehicle })
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES ($1, $2, $2, 1117000000, 408000000, 1, 0)`,
    [vehicle, new Date(NOW_MS - 600_000)],
  )
  await db.query(`INSERT INTO trips VALUES ($1, $2, $3, true, 0, 0, 0, 0, 1000, 300, 2)`, [
    vehicle,
    new Date(NOW_MS - 900_000),
    new Date(NOW_MS - 300_000),
  ])
  const accountNamed = async (name: string, columns: string, values: string) =>
    one(
      `INSERT INTO accounts (username, display_name, password_hash, organisation_id, demo, person_no, ${columns})
       SELECT $1, $2, password_hash, $3, true, $4, ${values} FROM accounts WHERE username = 'bureau_admin' RETURNING account_id AS id`,
      `${name}.${where}`,
      `示例 ${name} ${where}`,
      unit,
      `P-${name}-${where}`,
    )
  const account = await accountNamed('pending', 'role, status', `NULL, 'pending'`)
  const activeAccount = await accountNamed('active', 'role', `'bureau_admin'`)
  const namedAccount = await accountNamed('named', 'role', `'dispatcher'`)
  const disabledAccount = await accountNamed('disabled', 'role, status', `NULL, 'disabled'`)
  await db.query(
    `INSERT INTO role_grants (account_id, role, organisation_id, requested_at, requested_by, request_reason) VALUES ($1, 'dispatcher', $2, $3, $4, '需要')`,
    [account, unit, now, activeAccount],
  )
  await db.query(`INSERT INTO second_factors VALUES ($1, 'x', 1, $2)`, [account, now])
  for (const table of ['standard_limits (category, max_price_fen, note,', 'ledger_policies (over_quota, over_standard,'])
    await db.query(
      `INSERT INTO ${table} organisation_id, effective_from) VALUES (${table.startsWith('standard') ? `'OTHER_APPROVED', 99900000, '标准${where}'` : `'flag', 'flag'`}, $1, '2026-01-01')`,
      [unit],
    )
  await db.query(`INSERT INTO organisation_past VALUES ($1, '2025-06-01', $2, 1, '150102')`, [unit, `旧称${where}`])
  await db.query(`INSERT INTO driving_limits VALUES ($1, '2026-01-01', 480, 240, 20)`, [unit])
  await db.query(`INSERT INTO working_hours VALUES ($1, '2026-01-01', 500, 1000)`, [unit])
  await db.query(`INSERT INTO calendar_days (organisation_id, day, kind, name) VALUES ($1, '2026-07-01', 'holiday', '本地节日')`, [unit])
  await db.query(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, 'LAW_ENFORCEMENT', 2, '2026-01-01', 'APPROVED', $2)`,
    [unit, `编制核定${where}`],
  )
  const compound = await one(
    `INSERT INTO compounds (organisation_id, name) VALUES ($1, $2) RETURNING compound_id AS id`,
    unit,
    `办公区${where}`,
  )
  const pool = await one(`INSERT INTO motor_pools (organisation_id, name) VALUES ($1, $2) RETURNING pool_id AS id`, unit, `车队${where}`)
  const driver = await one(
    `INSERT INTO drivers (driver_id, name, phone, organisation_id, vehicle_id) VALUES ($1, $2, '13900000000', $3, $4) RETURNING driver_id AS id`,
    6000 + unit,
    `示例司机${where}`,
    unit,
    vehicle,
  )
  await db.query(
    `INSERT INTO driver_shifts (driver_id, weekdays, start_minute, end_minute, from_day) VALUES ($1, 31, $2, 1000, '2025-01-01')`,
    [driver, 480 + unit],
  )
  await db.query(`INSERT INTO driver_duty_days (driver_id, day, start_minute, end_minute, note) VALUES ($1, '2026-03-07', 480, 720, $2)`, [
    driver,
    `值班${where}`,
  ])
  await db.query(`INSERT INTO vehicle_past_plates VALUES ($1, '2025-06-01', $2, 'blue')`, [vehicle, `蒙AP00${unit}`])
  const place = await one(
    `INSERT INTO places (organisation_id, kind, name, lon, lat, radius_m, west, south, east, north, valid_from)
     VALUES ($1, 'designated_lot', $2, 111.7, 40.8, 100, 111.69, 40.79, 111.71, 40.81, '2020-01-01') RETURNING place_id AS id`,
    unit,
    `停车场${where}`,
  )
  const supplier = await one(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES ($1, $2, '{fuel,repair,rental}', '2020-01-01') RETURNING supplier_id AS id`,
    unit,
    `供应商${where}`,
  )
  const signed = await world.signIn(`active.${where}`)
  const upload = await ask(world, 'checkImport', signed, {
    query: { subject: 'suppliers' },
    body: Buffer.from(`名称,定点机构,服务类别,定点起始日\n示例维修厂,无此机构,维修,2024-01-01\n`),
    headers: { 'content-type': 'application/octet-stream' },
  })
  if (upload.status !== 200) throw new Error(`the import of ${where}: ${upload.body}`)
  const openedCase = await one(
    `INSERT INTO cases (year, number, organisation_id, purpose, basis, during, state, opened_by, opened_at)
     VALUES (2026, $1, $1, '核查', '来信', tstzrange('2026-01-01', '2026-03-03'), 'OPEN', $2, $3) RETURNING case_id AS id`,
    unit,
    activeAccount,
    now,
  )
  await db.query('INSERT INTO case_members (case_id, account_id, since) VALUES ($1, $2, $3)', [openedCase, activeAccount, now])
  const caseVehicle = await one(
    `INSERT INTO case_vehicles (case_id, vehicle_id, state, added_at) VALUES ($1, $2, 'WAITING', $3) RETURNING case_vehicle_id AS id`,
    openedCase,
    vehicle,
    now,
  )
  await db.query(
    `INSERT INTO case_vehicle_steps (case_vehicle_id, step, action, state, at, account_id, username, reason) VALUES ($1, 1, 'add', 'WAITING', $2, $3, 'x', 'x')`,
    [caseVehicle, now, activeAccount],
  )
  const sealPlan = await one(
    `INSERT INTO seal_plans (organisation_id, name, from_day, until_day, reason, planned_by, planned_at)
     VALUES ($1, '周末', '2026-03-07', '2026-03-08', '按规定封存', $2, $3) RETURNING plan_id AS id`,
    unit,
    activeAccount,
    now,
  )
  const seal = await one(
    `INSERT INTO vehicle_seals (plan_id, vehicle_id, unit_id, state, since, from_at, until_at, place, key_keeper)
     VALUES ($1, $2, $3, 'SEALED', $4, '2026-03-06 16:00Z', '2026-03-08 16:00Z', '机关院内', '示例保管人') RETURNING seal_id AS id`,
    sealPlan,
    vehicle,
    unit,
    now,
  )
  await db.query(
    `INSERT INTO vehicle_seal_photos (seal_id, photo_id, width, height, bytes, sha256, content, added_by, added_at) VALUES ($1, 1, 1, 1, 1, '\\x00', '\\x00', $2, $3)`,
    [seal, activeAccount, now],
  )
  await db.query(
    `INSERT INTO publication_rules (organisation_id, effective_from, items, classes, purposes, set_by, set_at) VALUES ($1, '2026-01-01', '{tripDay}', '{official}', '{meeting}', $2, $3)`,
    [unit, activeAccount, now],
  )
  const maintenancePlan = await one(
    `INSERT INTO maintenance_plans (organisation_id, vehicle_id, item, every_km) VALUES ($1, $2, '常规保养', 5000) RETURNING plan_id AS id`,
    unit,
    vehicle,
  )
  const workOrder = await one(
    `INSERT INTO work_orders (vehicle_id, unit_id, supplier_id, kind, work, from_at, until_at, estimate_fen, state, asked_at, asked_by, key)
     VALUES ($1, $2, $3, 'repair', '更换轮胎', '2026-04-01', '2026-04-02', 90000, 'ESTIMATED', $4, $5, gen_random_uuid()) RETURNING work_order_id AS id`,
    vehicle,
    unit,
    supplier,
    now,
    activeAccount,
  )
  const report = await one(
    `INSERT INTO report_plans (organisation_id, name, list, filter, format, locale, every, on_day, at_minute, next_at, made_by, made_at)
     VALUES ($1, '台账月报', 'ledger', '{}', 'csv', 'zh-CN', 'month', 1, 480, '2026-04-01', $2, $3) RETURNING report_id AS id`,
    unit,
    activeAccount,
    now,
  )
  await db.query('INSERT INTO report_readers (report_id, account_id, by_app, by_mail) VALUES ($1, $2, true, false)', [
    report,
    activeAccount,
  ])
  const handover = await one(
    `INSERT INTO vehicle_handovers (vehicle_id, unit_id, to_driver_id, state, since, odometer_km, fuel_pct, equipment, inspection, remarks, offered_by, offered_at, key)
     VALUES ($1, $2, $3, 'OFFERED', $4, 1000, 60, '{}', '[]', '', $5, $4, gen_random_uuid()) RETURNING handover_id AS id`,
    vehicle,
    unit,
    driver,
    now,
    activeAccount,
  )
  const supervision = await one(
    `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, driver_id, day, from_at, until_at, suspicion, state, since, raised_at, told_at)
     VALUES ('R01', 'alarm', $1, $2, $3, '2026-02-27', '2026-02-27 02:00Z', '2026-02-27 03:00Z', $4, 'NOTIFIED', $5, $5, $5) RETURNING finding_id AS id`,
    vehicle,
    unit,
    driver,
    JSON.stringify({
      ...{ fromMs: Date.parse('2026-02-27T02:00Z'), untilMs: Date.parse('2026-02-27T03:00Z'), figure: 900, threshold: 500 },
      ...{ points: [], orderIds: [] },
    }),
    now,
  )
  await db.query(
    `INSERT INTO supervision_finding_photos (finding_id, photo_id, key, width, height, bytes, sha256, content, added_by, added_at)
     VALUES ($1, 1, gen_random_uuid(), 1, 1, 1, '\\x00', '\\x00', $2, $3)`,
    [supervision, activeAccount, now],
  )
  await db.query(`UPDATE every_vehicle SET inspection_until = '2026-12-31' WHERE vehicle_id = $1`, [vehicle])
  const renewal = await one(
    `INSERT INTO vehicle_renewals (vehicle_id, unit_id, kind, from_day, until_day, gap_days, station, document_no, fen, paid_day, state, recorded_at, recorded_by, key)
     VALUES ($1, $2, 'inspection', '2026-01-05', '2026-12-31', 0, '示例检测站', 'JY-0', 30000, '2026-01-05', 'RECORDED', $3, $4, gen_random_uuid()) RETURNING renewal_id AS id`,
    vehicle,
    unit,
    now,
    activeAccount,
  )
  const mishap = await one(
    `INSERT INTO vehicle_mishaps (kind, vehicle_id, unit_id, at, place, text, state, entered_at, entered_by, key)
     VALUES ('accident', $1, $2, '2025-06-01', '示例路口', '追尾', 'SUSPECTED', $3, $4, gen_random_uuid()) RETURNING mishap_id AS id`,
    vehicle,
    unit,
    now,
    activeAccount,
  )
  return {
    renewal,
    mishap,
    maintenancePlan,
    workOrder,
    report,
    letter: await one(
      `INSERT INTO letters (organisation_id, month, year, number, body, sha256, made_by, made_at) VALUES ($1, '2026-02', 2025, $1, $2, 'x', $3, $4) RETURNING letter_id AS id`,
      unit,
      JSON.stringify({
        form: 'morin-letter-1',
        organisation: { organisationId: unit, name: 'x' },
        month: '2026-02',
        findings: [],
        use: {},
        costs: {},
      }),
      activeAccount,
      now,
    ),
    delivery: await one(
      `INSERT INTO report_deliveries (report_id, account_id, channel, planned_at, state, done_at, file_name, content)
       VALUES ($1, $2, 'app', $3, 'sent', $3, 'x.csv', 'x') RETURNING delivery_id AS id`,
      report,
      activeAccount,
      now,
    ),
    sealPlan,
    seal,
    supervision,
    handover,
    ruleParams: await one(
      `INSERT INTO supervision_params (organisation_id, code, effective_from, enabled, params, note, set_by, set_at)
       VALUES ($1, 'R01', '2027-01-01', true, '{}', 'x', $2, $3) RETURNING params_id AS id`,
      unit,
      activeAccount,
      now,
    ),
    filing: await fileTwice(db, unit),
    publication: await one(
      `INSERT INTO publications (organisation_id, month, state, since, body, sha256) VALUES ($1, '2026-02', 'DRAFTED', $2, $3, 'x') RETURNING publication_id AS id`,
      unit,
      now,
      JSON.stringify({
        form: 'morin-publication-1',
        organisation: { organisationId: unit, name: 'x' },
        month: '2026-02',
        items: ['tripDay'],
        trips: [],
      }),
    ),
    case: openedCase,
    caseVehicle,
    evidence: await one(
      `INSERT INTO evidence_packages (case_id, nth, state, during, vehicle_ids, language, asked_by, asked_at)
       VALUES ($1, 1, 'WAITING', tstzrange('2026-01-01', '2026-03-03'), ARRAY[$2::int], 'zh-CN', $3, $4) RETURNING package_id AS id`,
      openedCase,
      vehicle,
      activeAccount,
      now,
    ),
    finding: await one(
      `INSERT INTO case_findings (case_id, nth, vehicle_id, during, text, state, since, noted_by, noted_at, asked_account, question, due_at)
       VALUES ($1, 1, $2, tstzrange('2026-02-01', '2026-02-01', '[]'), '停于景区', 'ASKED', $4, $3, $4, $3, '请说明', '2027-01-01') RETURNING finding_id AS id`,
      openedCase,
      vehicle,
      activeAccount,
      now,
    ),
    exhibit: await one(
      `INSERT INTO case_exhibits (case_id, nth, edition, name, kind, datum, points, segments, notes, bytes, sha256, content, added_by, added_at)
       VALUES ($1, 1, 1, 'a.gpx', 'gpx', 'wgs84', 1, 1, '{"untimed":0,"unordered":0,"repeated":0}', 1, 'x', 'x', $2, $3) RETURNING exhibit_id AS id`,
      openedCase,
      activeAccount,
      now,
    ),
    ...(await furnishSecret(db, { unit, asker: activeAccount, named: namedAccount })),
    ...(await furnishOrders(db, { unit, asker: activeAccount, vehicle, driver })),
    where,
    unit,
    vehicle,
    spareVehicle,
    terminal,
    freeTerminal,
    file: await one(
      `INSERT INTO vehicle_files (vehicle_id, kind, name, content_type, bytes, content, added_at, added_by)
       VALUES ($1, 'document', 'x.pdf', 'application/pdf', 5, '%PDF-', $2, 'x') RETURNING file_id AS id`,
      vehicle,
      now,
    ),
    quota: await one(
      `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, 'OTHER_APPROVED', 3, '2027-01-01', 'DRAFT', 'x') RETURNING quota_id AS id`,
      unit,
    ),
    flow: await one(
      `INSERT INTO ledger_flows (kind, state, unit_id, vehicle_id, started_at) VALUES ('disposal', 'APPLIED', $1, $2, $3) RETURNING flow_id AS id`,
      unit,
      leaving,
      now,
    ),
    compound,
    pool,
    driver,
    loan: await one(
      `INSERT INTO driver_loans (driver_id, organisation_id, pool_id, from_day, note) VALUES ($1, $2, $3, '2026-01-01', $4) RETURNING loan_id AS id`,
      driver,
      unit,
      pool,
      `借调${where}`,
    ),
    leave: await one(
      `INSERT INTO driver_leaves (driver_id, kind, from_day, until_day, note) VALUES ($1, 'annual', '2026-05-01', '2026-05-05', $2) RETURNING leave_id AS id`,
      driver,
      `请假${where}`,
    ),
    place,
    supplier,
    fuelCard: await one(
      `INSERT INTO fuel_cards (card_no, supplier_id, organisation_id) VALUES ($1, $2, $3) RETURNING fuel_card_id AS id`,
      `6000000009${unit}7`,
      supplier,
      unit,
    ),
    account,
    activeAccount,
    disabledAccount,
    session: await one('SELECT max(session_id) AS id FROM sessions WHERE account_id = $1', activeAccount),
    apiToken: await one(
      `INSERT INTO api_tokens (token_hash, account_id, name, capabilities, organisation_id, expires_at, reason, created_at, created_by)
       VALUES ($1, $2, '接口', '{ledger.view}', $3, '2026-12-01', '对接', $4, $2) RETURNING token_id AS id`,
      sha256(randomBytes(8).toString('hex')),
      activeAccount,
      unit,
      now,
    ),
    webhook: await one(
      `INSERT INTO webhooks (organisation_id, name, url, secret, kinds, made_at) VALUES ($1, '网关', 'https://sms.example/', 'x', '{order.void}', $2) RETURNING webhook_id AS id`,
      unit,
      now,
    ),
    import: (upload.json() as { importId: number }).importId,
    quarantine: await one(
      `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
       VALUES ($1, $2, $3, 'schema', 'x', 1, 'not json', $4, $4) RETURNING quarantine_id AS id`,
      terminal,
      `vmp/v1/150102/${terminal}/up/location`,
      terminal,
      now,
    ),
    audit: await one('SELECT max(seq) AS id FROM audit_log WHERE account_id = $1', activeAccount),
  }
}
