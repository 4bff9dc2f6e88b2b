// How a filing differs from today's figures, the time before or the same a year before, with what makes each difference.
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import { comparedWith, type FilingComparison } from '../../../services/contracts/api/filing.ts'
import { sayValue } from '../../../services/domain/statistics/say.ts'
import { call } from '../../kit/api/session.ts'
import { formatFigure } from '../../kit/format/figure.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { useText } from './texts.ts'

type Props = { id: number; round: number | undefined; onOpen: (id: number) => void }
export function Differences({ id, round, onOpen }: Props) {
  const { t, locale } = useText()
  const [against, setAgainst] = useState<(typeof comparedWith)[number]>('today')
  const { data, error, refetch } = useQuery({
    queryKey: ['filings', 'differences', id, round, against],
    queryFn: ({ signal }) =>
      call('compareFiling', { params: { filingId: id }, query: { against, ...(round === undefined ? {} : { round }) }, signal }),
    retry: false,
  })
  const column = locale === 'en' ? 1 : 0
  return (
    <>
      <Segmented
        aria-label={t('filings.differences')}
        value={against}
        onChange={setAgainst}
        options={comparedWith.map((value) => ({ value, label: t(`filings.against.${value}`) }))}
      />
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton active title={false} />}
      {data && <p>{data.total === 0 ? t('filings.differencesNone') : t('filings.differencesSaid', { n: data.total })}</p>}
      {data && data.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <div className="filing-scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {(['table', 'row', 'measure', 'was', 'is', 'why'] as const).map((head) => (
                  <th key={head} scope="col" className={head === 'was' || head === 'is' ? 'figure' : undefined}>
                    {t(`filings.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.lines.map((line) => (
                <tr key={`${line.table} ${JSON.stringify(line.keys)} ${line.measure.key}`}>
                  <td>{line.table}</td>
                  <th scope="row">{line.keys.map((key, at) => sayValue(line.by[at]!, key, null, locale)).join(' · ')}</th>
                  <td>{line.measure.words[column]}</td>
                  <td className="figure">{formatFigure(line.measure.kind, line.before)}</td>
                  <td className="figure">{formatFigure(line.measure.kind, line.after)}</td>
                  <td>
                    <Why line={line} onOpen={onOpen} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function Why({
  line: { facts, below, hidden, more, measure },
  onOpen,
}: {
  line: FilingComparison['lines'][number]
  onOpen: (id: number) => void
}) {
  const { t } = useText()
  if (facts.length + below.length + hidden === 0) return <span className="quiet">{t('filings.follows')}</span>
  const change = ({ before, after }: { before: number; after: number }) =>
    `${formatFigure(measure.kind, before)} → ${formatFigure(measure.kind, after)}`
  return (
    <ul className="filing-why">
      {facts.map(({ what, id, vehicle, ...values }) => (
        <li key={`${what} ${id}`}>
          {vehicle ? <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> : t(`filings.what.${what as 'vehicle'}`)}{' '}
          <span className="quiet figure">{change(values)}</span>
        </li>
      ))}
      {below.map(({ organisationId, name, filingId, ...values }) => (
        <li key={organisationId}>
          {filingId === null ? (
            name
          ) : (
            <Button type="link" size="small" onClick={() => onOpen(filingId)}>
              {name}
            </Button>
          )}{' '}
          <span className="quiet figure">{change(values)}</span>
        </li>
      ))}
      {hidden > 0 && <li className="quiet">{t('filings.hidden', { n: hidden })}</li>}
      {more > 0 && <li className="quiet">{t('filings.more', { n: more })}</li>}
    </ul>
  )
}
