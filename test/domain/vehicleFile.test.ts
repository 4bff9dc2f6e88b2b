// What must go together in a vehicle's file, said once for its page, a change of many and an imported file.
import t from 'tap'
import { findStandstill, findUnitProblem, type JudgedFile, listFileProblems, offers } from '../../services/domain/vehicleFile.ts'

const sound: JudgedFile = {
  plate: '蒙A12345',
  plateColour: 'blue',
  class: 'official',
  category: 'OTHER_APPROVED',
  energy: 'petrol',
  displacementMl: 1498,
  vin: null,
  registeredOn: '2024-05-01',
  inServiceOn: '2024-05-01',
}

t.test('a sound file has no problem', async (t) => t.same(listFileProblems(sound), []))

t.test('all that does not go together is told, each with the field that is blamed', async (t) => {
  const wrong: JudgedFile = {
    plate: '京A12345',
    plateColour: 'green',
    class: 'official',
    category: 'LEASED_SERVICE',
    energy: 'electric',
    displacementMl: 1498,
    vin: 'LSVAA49J232047371',
    registeredOn: '2024-05-01',
    inServiceOn: '2024-04-30',
  }
  t.same(
    listFileProblems(wrong).map(({ at, reason }) => [at, reason]),
    [
      ['plate', 'plate.province'],
      ['plateColour', 'plate.colour'],
      ['vin', 'vin.check'],
      ['displacementMl', 'displacement.electric'],
      ['category', 'class.category'],
      ['inServiceOn', 'dates.order'],
    ],
  )
})

t.test('an old flaw elsewhere does not keep anyone from the rest', async (t) => {
  const flawed: JudgedFile = { ...sound, inServiceOn: '2020-01-01', vin: 'SHORT' }
  t.same(
    listFileProblems(flawed, (field) => field === 'plateColour'),
    [],
  )
  t.same(
    listFileProblems(flawed, (field) => field === 'registeredOn').map(({ reason }) => reason),
    ['dates.order'],
  )
})

t.test('a class of vehicle and its category belong to each other both ways', async (t) => {
  const reasons = (more: Partial<JudgedFile>) => listFileProblems({ ...sound, ...more }).map(({ reason }) => reason)
  t.same(reasons({ class: 'leased', category: 'LEASED_SERVICE' }), [])
  t.same(reasons({ class: 'law_enforcement', category: 'LAW_ENFORCEMENT' }), [])
  t.same(reasons({ class: 'leased' }), ['class.category'])
  t.same(reasons({ class: 'law_enforcement', category: 'EMERGENCY_SUPPORT' }), ['class.category'])
})

t.test('a vehicle comes to open units, and nothing changes of one that is gone', async (t) => {
  const unit = { name: '某局', kind: 'unit', closed: false } as const
  t.equal(findUnitProblem(unit), undefined)
  t.match(findUnitProblem({ ...unit, closed: true }), { reason: 'unit.closed', values: { name: '某局' } })
  t.match(findUnitProblem({ ...unit, kind: 'banner' }), { reason: 'unit.kind' })
  t.equal(findStandstill({ state: 'AVAILABLE', unit }), undefined)
  t.match(findStandstill({ state: 'DISPOSED', unit }), { reason: 'state.disposed' })
  t.match(findStandstill({ state: 'AVAILABLE', unit: { ...unit, closed: true } }), { reason: 'unit.closed' })
  t.ok(offers(['charging'], 'fuelSupplierId'))
  t.notOk(offers(['repair'], 'fuelSupplierId'))
})
