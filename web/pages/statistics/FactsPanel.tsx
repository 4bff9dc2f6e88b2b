// The rows that a cell was added up from, each with what it adds, and a way to its own page.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { StatisticsFact } from '../../../services/contracts/api/statistics.ts'
import { statisticsTables } from '../../../services/domain/statistics/tables.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { formatFigure } from '../../kit/format/figure.ts'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Panel } from '../../kit/panel/Panel.tsx'
import type { Choice } from './readChoice.ts'
import { useText } from './texts.ts'

const SHOWN = 200
const pageOf: Record<string, string> = {
  vehicle: '/ledger',
  request: '/requests',
  order: '/orders',
  flow: '/flows',
  finding: '/findings',
  seal: '/sealing',
}

type Props = { choice: Choice; cell: string; onClose: () => void }
export function FactsPanel({ choice: { table, period, by, organisationId }, cell, onClose }: Props) {
  const { t, locale } = useText()
  const column = locale === 'en' ? 1 : 0
  const [keys, key] = readCell(cell)
  const measure = statisticsTables[table].measures.find((one) => one.key === key)
  const query = {
    ...{ period, by: by.join(','), limit: SHOWN },
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(keys === null ? {} : { keys: JSON.stringify(keys) }),
    ...(measure ? { measure: measure.key } : {}),
  }
  const { data, error, refetch, isPending } = useQuery({
    queryKey: ['statistics-facts', table, query],
    queryFn: ({ signal }) => call('listStatisticsFacts', { params: { table }, query, signal }),
  })
  return (
    <Panel
      id={cell}
      title={measure?.words[column] ?? table}
      error={error}
      retry={() => void refetch()}
      loading={isPending || error !== null}
      onClose={onClose}
    >
      {data && (
        <section className="panel-part">
          {measure && <p className="quiet">{t('statistics.formula', { formula: measure.formula[column] })}</p>}
          <p>
            {t('statistics.facts', { n: formatCount(data.total) })}
            {data.hidden > 0 && <> · {t('statistics.hidden', { n: data.hidden })}</>}
          </p>
          <ul className="rows">
            {data.rows.map((fact) => (
              <li key={`${fact.what} ${fact.id} ${fact.unit.organisationId} ${fact.at} ${fact.values.join()}`}>
                <span>
                  <FactName fact={fact} />
                  <br />
                  <span className="quiet">
                    {fact.unit.name} {fact.at && <span className="figure">{formatInstant(Date.parse(fact.at))}</span>}
                  </span>
                </span>
                <span className="figure">
                  {data.columns
                    .map(({ key, kind, words }, at) => ({
                      key,
                      text: `${words[column]} ${formatFigure(kind, fact.values[at])}`,
                      value: fact.values[at],
                    }))
                    .filter((one) => (measure && !measure.of ? one.key === measure.key : one.value !== 0))
                    .map(({ text }) => text)
                    .join(t('search.comma'))}
                </span>
              </li>
            ))}
          </ul>
          {data.total > data.rows.length && <p className="stale">{t('statistics.factsCut', { n: data.rows.length })}</p>}
        </section>
      )}
    </Panel>
  )
}

function FactName({ fact: { what, id, vehicle } }: { fact: StatisticsFact }) {
  const { t } = useText()
  const name = `${t(`statistics.what.${what as 'vehicle'}`)} ${vehicle ? plateAsPrinted(vehicle.plate) : ''}`
  const to = pageOf[what]
  return to && id !== null ? (
    <Link to={to} search={{ id: String(id) } as never}>
      {name}
    </Link>
  ) : (
    name
  )
}

function readCell(cell: string): [keys: (string | null)[] | null, measure: string] {
  try {
    const read = JSON.parse(cell) as unknown
    if (Array.isArray(read) && (read[0] === null || Array.isArray(read[0])) && typeof read[1] === 'string') return [read[0], read[1]]
  } catch {
    // Somebody changed the address by hand: as if nothing had been chosen.
  }
  return [null, '']
}
