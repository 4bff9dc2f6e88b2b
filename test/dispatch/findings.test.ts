// Findings of a case: noted of what may be looked at, explained by whom is asked, verified by another; each text that one had stays readable.
import t from 'tap'
import { openTogether } from './evidenceWorld.ts'
import { ONE_PIXEL } from './matrix/tripRows.ts'
import { ask } from './world.ts'

const { db, world, inspector, two, at, reason, open, records } = await openTogether(t, undefined)
const [manager, approver, driver] = await Promise.all(['fleet_manager', 'unit_approver', 'driver'].map((name) => world.signIn(name)))
const stretch = { from: at(-2), until: at(-1.5) }
const text = '10:00 至 10:30 停于景区停车场，未见派车单'
const note = (caseId: number, more: object = {}) =>
  ask(world, 'noteFinding', inspector, { params: { caseId }, body: { vehicleId: 201, ...stretch, text, ...more } })
const step = (findingId: number, version: number, action: string, data: object = {}, by = inspector) =>
  ask(world, 'actOnFinding', by, { params: { findingId }, body: { action, version, reason, data } })
const asked = { username: 'fleet_manager', question: '请说明当日用车事由', dueAt: at(24) }
const answer = (by: typeof manager, findingId: number, version: number) =>
  ask(world, 'answerExplanation', by, { params: { findingId }, body: { version, text: '送文件至景区管委会，附文号' } })

t.test('a finding is suspected until it is explained and verified; whoever is asked sees the question alone', async (t) => {
  const { caseId } = await open({ vehicleIds: [201, 202] })
  const found = (await note(caseId)).json()
  t.match(found, {
    nth: 1,
    state: 'SUSPECTED',
    vehicle: { plate: '蒙AD12345', plateColour: 'blue' },
    mayAct: ['ask', 'confirm', 'dismiss', 'withdraw'],
  })
  const { findingId } = found
  const names = (await ask(world, 'listFindingAnswerers', inspector, { params: { findingId } })).json().rows.map(({ username }) => username)
  t.ok(names.includes('fleet_manager') && names.includes('driver'), names.join())
  t.notOk(
    names.some((name) => name.endsWith('@30') || name === 'inspector'),
    'and nobody of elsewhere',
  )
  const waiting = (await step(findingId, 1, 'ask', asked)).json()
  t.match(waiting, { state: 'ASKED', asked: { question: asked.question }, mayAct: [] })
  const told = (await ask(world, 'listNotifications', manager, { query: { limit: 1 } })).json().rows[0]!
  t.match(told, { kind: 'finding.ask', reason: '', to: '', plate: null, requestId: null, orderId: null })
  const mine = (await ask(world, 'listExplanations', manager, {})).json()
  t.match(mine, { total: 1, rows: [{ findingId, plate: '蒙AD12345', question: asked.question, mayAnswer: true, answer: null }] })
  t.notMatch(JSON.stringify(mine), new RegExp(text))
  t.same((await ask(world, 'listExplanations', approver, {})).json().rows, [])
  t.equal((await answer(approver, findingId, 2)).code, 'NOT_FOUND')
  t.match((await answer(manager, findingId, 2)).json(), { state: 'ANSWERED', mayAnswer: false, answer: /管委会/ })
  t.match((await ask(world, 'listNotifications', inspector, { query: { limit: 1 } })).json().rows[0], { kind: 'finding.answer' })
  t.equal((await step(findingId, 3, 'confirm')).code, 'VALIDATION_FAILED', 'without a conclusion nothing is verified')
  t.match((await step(findingId, 3, 'dismiss', { conclusion: '经核实文件与时间相符' })).json(), {
    state: 'DISMISSED',
    conclusion: '经核实文件与时间相符',
    answer: { late: false },
    mayAct: ['reopen'],
  })
  t.same(
    (await records()).filter(({ action }) => action.startsWith('finding.')).map(({ action, detail }) => [action, detail?.action]),
    [
      ['finding.note', undefined],
      ['finding.step', 'ask'],
      ['finding.step', 'answer'],
      ['finding.step', 'dismiss'],
    ],
  )
})

t.test('whoever answered does not verify, by whatever account', async (t) => {
  await db.query(`UPDATE accounts SET person_no = 'P-1' WHERE username IN ('fleet_manager', 'inspector.two')`)
  const { caseId } = await open({ vehicleIds: [201], members: ['inspector.two'] })
  const { findingId } = (await note(caseId)).json()
  await step(findingId, 1, 'ask', asked)
  await answer(manager, findingId, 2)
  t.equal((await step(findingId, 3, 'confirm', { conclusion: '属实，已批评教育' }, two)).code, 'TWO_PERSON_RULE')
  t.equal((await step(findingId, 3, 'confirm', { conclusion: '属实，已批评教育' })).json().state, 'CONFIRMED')
})

t.test('what is not answered in time has lapsed by the clock, and is still taken, as late', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  const { findingId } = (await note(caseId)).json()
  await step(findingId, 1, 'ask', { ...asked, username: 'driver', dueAt: at(1 / 60) })
  world.clock.atMs += 120_000
  const [late] = (await ask(world, 'listExplanations', driver, {})).json().rows
  t.match(late, { state: 'LAPSED', mayAnswer: true })
  t.equal((await answer(driver, findingId, late!.version)).status, 200)
  const [row] = (await ask(world, 'listFindings', inspector, { params: { caseId }, query: {} })).json().rows
  t.match(row, {
    state: 'ANSWERED',
    answer: { late: true },
    steps: [{ action: 'note' }, { action: 'ask' }, { action: 'lapse', by: 'system' }, { action: 'answer' }],
  })
  world.clock.atMs -= 120_000
})

t.test('a text that is changed stays readable, and a stale version is told', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  const { findingId } = (await note(caseId)).json()
  const change = (version: number) =>
    ask(world, 'changeFinding', inspector, { params: { findingId }, body: { version, ...stretch, text: '停于游客中心', reason } })
  t.match((await change(1)).json(), {
    text: '停于游客中心',
    version: 2,
    steps: [{ data: { text } }, { action: 'change', data: { text: '停于游客中心' } }],
  })
  t.equal((await change(1)).code, 'CHANGED_MEANWHILE')
})

t.test('nothing is noted of what may not be looked at, nor by others, nor in a closed case', async (t) => {
  const { caseId, version } = await open({ vehicleIds: [201, 202] })
  for (const [says, more, code] of [
    ['not released', { vehicleId: 202 }, 'CASE_REQUIRED'],
    ['not in it', { vehicleId: 211 }, 'CASE_REQUIRED'],
    ['beyond the period', { from: at(-100) }, 'CASE_REQUIRED'],
    ['the wrong way round', { from: at(-1), until: at(-2) }, 'VALIDATION_FAILED'],
  ] as const)
    t.equal((await note(caseId, more)).code, code, says)
  const { findingId } = (await note(caseId, { until: stretch.from })).json()
  t.equal((await step(findingId, 1, 'ask', { ...asked, username: 'fleet_manager@30' })).code, 'VALIDATION_FAILED')
  t.equal((await step(findingId, 1, 'ask', { ...asked, dueAt: at(-1) })).code, 'VALIDATION_FAILED')
  t.equal((await step(findingId, 1, 'withdraw', {}, two)).code, 'NOT_FOUND')
  t.equal((await ask(world, 'listFindings', two, { params: { caseId }, query: {} })).code, 'NOT_FOUND')
  await ask(world, 'actOnCase', inspector, { params: { caseId }, body: { action: 'close', version, reason } })
  t.equal((await note(caseId)).code, 'CASE_REQUIRED')
  t.equal((await step(findingId, 1, 'withdraw')).code, 'CONFLICT')
})

t.test('a photo is kept without what the camera wrote, and each look at one is on record', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  const { findingId } = (await note(caseId)).json()
  const add = (bytes: Buffer, by = inspector) =>
    ask(world, 'addFindingPhoto', by, { params: { findingId }, body: bytes, headers: { 'content-type': 'application/octet-stream' } })
  t.equal((await add(Buffer.from('a letter'))).code, 'VALIDATION_FAILED')
  t.equal((await add(ONE_PIXEL, two)).code, 'NOT_FOUND')
  const { photos } = (await add(ONE_PIXEL)).json()
  const { photoId } = photos[0]!
  const read = (by: typeof two) => ask(world, 'readFindingPhoto', by, { params: { findingId, photoId } })
  t.equal((await read(two)).code, 'NOT_FOUND')
  t.equal((await read(inspector)).status, 200)
  t.match((await records()).at(-1), { action: 'finding.photo-read', subject: { type: 'case', id: String(caseId) }, detail: { photoId } })
})
