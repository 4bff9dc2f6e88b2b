// One publication as everybody reads it, and the steps that are the reader's.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { Publication } from '../../../services/contracts/api/publication.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useText } from './texts.ts'

const SHOWN = 100
/** Trips of a day may be alike, and have no number that is told. */
const numbered = <T extends object>(rows: readonly T[]) => rows.map((row, n) => ({ ...row, n }))

export function PublicationPanel({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<Publication['mayAct'][number] | null>(null)
  const { data, error, refetch, isPending } = useQuery({
    queryKey: ['publications', 'one', id],
    queryFn: ({ signal }) => call('readPublication', { params: { publicationId: id }, signal }),
  })
  const said = ({ km, fuelFen, costFen }: { km?: number | undefined; fuelFen?: number | undefined; costFen?: number | undefined }) =>
    [
      km === undefined ? '' : `${km.toFixed(1)} km`,
      fuelFen === undefined ? '' : formatFen(fuelFen),
      costFen === undefined ? '' : formatFen(costFen),
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <Panel
      id={id}
      title={data && `${data.organisation.name} ${data.month}`}
      kind={data && t(`publicationState.${data.state}`)}
      actions={data?.mayAct.map((action) => (
        <Button
          key={action}
          type={action === 'publish' ? 'primary' : 'default'}
          danger={action !== 'publish'}
          onClick={() => setAsked(action)}
        >
          {t(`publicationAction.${action}`)}
        </Button>
      ))}
      error={error}
      retry={() => void refetch()}
      loading={isPending || error !== null}
      onClose={onClose}
    >
      {data && (
        <section className="panel-part">
          {(data.state === 'PUBLISHED' || data.state === 'WITHDRAWN') && (
            <p>
              <a href={`/public/trips/${id}`} target="_blank" rel="noreferrer">
                {t('publications.public')}
              </a>
            </p>
          )}
          <h3>{t('publications.preview')}</h3>
          <ul className="rows">
            {data.units.map(({ unit, trips, ...amounts }) => (
              <li key={unit}>
                <strong>
                  {unit} {trips}
                </strong>
                <span className="figure">{said(amounts)}</span>
              </li>
            ))}
            {numbered(data.rows.slice(0, SHOWN)).map(({ n, unit, day, purpose, place, ...amounts }) => (
              <li key={n}>
                <span>
                  <span className="figure">{day}</span> {purpose && t(`tripPurpose.${purpose}`)}{' '}
                  {place === undefined ? '' : (place ?? t('publications.otherPlace'))}
                  <br />
                  <span className="quiet">{unit}</span>
                </span>
                <span className="figure">{said(amounts)}</span>
              </li>
            ))}
          </ul>
          {data.rows.length > SHOWN && <p className="stale">{t('publications.cut', { n: SHOWN })}</p>}
          <h3>{t('publications.steps')}</h3>
          <ul className="rows">
            {data.steps.map((step) => (
              <li key={`${step.at} ${step.action}`}>
                <span>
                  {t(`publicationAction.${step.action as 'draft'}`)} <span className="quiet">{step.by}</span> {step.reason}
                </span>
                <span className="quiet figure">{formatInstant(Date.parse(step.at))}</span>
              </li>
            ))}
          </ul>
          {asked && <Asked of={data} action={asked} onClose={() => setAsked(null)} />}
        </section>
      )}
    </Panel>
  )
}

function Asked({
  of: { publicationId, version },
  action,
  onClose,
}: {
  of: Publication
  action: Publication['mayAct'][number]
  onClose: () => void
}) {
  const { t } = useText()
  const take = async (reason: string) => {
    await call('actOnPublication', { params: { publicationId }, body: { action, version, reason } })
    await queryClient.invalidateQueries({ queryKey: ['publications'] })
  }
  const title = t(`publicationAction.${action}`)
  return action === 'publish' ? (
    <FormDialog title={title} submitText={title} ready onSubmit={() => take('')} onClose={onClose}>
      <p className="form-whole">{t('publications.never')}</p>
    </FormDialog>
  ) : (
    <ReasonDialog danger title={title} onSubmit={take} onClose={onClose} />
  )
}
