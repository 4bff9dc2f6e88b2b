// A list cut to one unit and what is below it.
import { type Filter, readNumber } from '../../kit/list/declareList.ts'
import { UnitChoice } from './UnitChoice.tsx'

export const unitFilter = <K extends string>(label: K): Filter<number, K> => ({
  url: 'org',
  read: readNumber,
  show: ({ t, text, set }) => (
    <UnitChoice label={t(label)} value={readNumber(text)} onChange={(unit) => set(unit === undefined ? undefined : String(unit))} />
  ),
})
