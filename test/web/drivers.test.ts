// Words and minutes of the drivers' and places' pages.
import t from 'tap'
import { refusalSentence } from '../../services/contracts/refusals.ts'
import { fitnessCodes } from '../../services/domain/driverFitness.ts'
import { driverStates, dutyStatuses, leaveKinds } from '../../services/domain/duty.ts'
import { ringProblems } from '../../services/domain/geofence.ts'
import { fuelCardStates, placeKinds, sensitiveKinds, supplierKinds } from '../../services/domain/places.ts'
import { minuteOf, minuteText, spanOf } from '../../web/kit/format/minutes.ts'
import { zhCN } from '../harness/texts.ts'

t.test('every word of drivers and places has a text', async (t) => {
  const keys = [
    ...dutyStatuses.map((word) => `driverStatus.${word}`),
    ...driverStates.flatMap((word) => [`driverState.${word}`, `driverAct.${word}`]),
    ...leaveKinds.map((word) => `leave.${word}`),
    ...placeKinds.map((word) => `placeKind.${word}`),
    ...sensitiveKinds.map((word) => `sensitiveKind.${word}`),
    ...supplierKinds.map((word) => `supplierKind.${word}`),
    ...fuelCardStates.map((word) => `cardState.${word}`),
    ...fitnessCodes.map((word) => `fitness.${word}`),
  ]
  for (const key of keys) t.ok(key in zhCN, key)
  for (const problem of [...ringProblems, 'outside_region']) t.ok(refusalSentence(`place.shape.${problem}`), problem)
})

t.test('minutes are written as times and read back; an end before the start is on the next day', async (t) => {
  for (let minute = 0; minute < 1440; minute++) t.equal(minuteOf(minuteText(minute)), minute)
  t.equal(minuteText(1800), '06:00')
  t.same(spanOf('20:00', '06:00'), { startMinute: 1200, endMinute: 1800 })
  t.same(spanOf('08:30', '17:30'), { startMinute: 510, endMinute: 1050 })
  for (const text of ['', '24:00', '8:30', '08:60', 'x']) t.equal(minuteOf(text), undefined, text)
})
