// What the address asks for: a table that the account may see, a period that has begun, dimensions that the table has. Anything else is as if it were not there.
import type { Capability } from '../../../services/domain/permissions.ts'
import { readPeriod } from '../../../services/domain/statistics/period.ts'
import { type Dimension, type TableCode, tableCodes } from '../../../services/domain/statistics/table.ts'
import { neededFor, statisticsTables } from '../../../services/domain/statistics/tables.ts'
import type { UrlText } from '../../kit/urlText.ts'

export type Choice = {
  table: TableCode
  period: string
  by: Dimension[]
  organisationId: number | undefined
  compare: 'before' | 'yearBefore' | 'none'
  /** The cell whose rows are shown: the keys of its row (null: all) and its measure, as JSON. */
  cell: string | undefined
}

type May = (capability: Capability) => boolean
export const tablesFor = (may: May): TableCode[] => tableCodes.filter((code) => may(neededFor[code]))

export function readChoice(url: UrlText, may: May, today: string): Choice {
  const allowed = tablesFor(may)
  const table = allowed.find((code) => code === url.table) ?? allowed[0] ?? 'T1'
  const asked = readPeriod(url.period ?? '')
  const known = statisticsTables[table].by
  const by =
    url.by === undefined
      ? [known[0]!]
      : [...new Set(url.by.split(','))].filter((one): one is Dimension => (known as string[]).includes(one))
  return {
    table,
    period: asked && asked.from <= today ? url.period! : today.slice(0, 4),
    by: by.slice(0, 2),
    organisationId: /^[1-9]\d{0,8}$/.test(url.org ?? '') ? Number(url.org) : undefined,
    compare: url.compare === 'yearBefore' || url.compare === 'none' ? url.compare : 'before',
    cell: url.cell,
  }
}
