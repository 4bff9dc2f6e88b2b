// What the reader has asked for, and the form to ask. The answer says nothing of whether there is such a vehicle.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type { OwnUnmasking } from '../../../services/contracts/api/secrecy.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { StateWord, useStateNow } from './StateWord.tsx'
import { useText } from './texts.ts'

/** In the URL: the form, with no vehicle in it yet. */
const NEW = 'new'

export function OwnPart() {
  const { t } = useText()
  const { url, change } = useUrl()
  const queries = useQueryClient()
  const [returning, setReturning] = useState<OwnUnmasking | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['unmaskings', 'own'],
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    queryFn: ({ signal }) => call('listOwnUnmaskings', { query: { limit: 100 }, signal }),
  })
  const renew = () => void queries.invalidateQueries({ queryKey: ['unmaskings'] })
  const ask = (text: string | undefined) => change((old) => withEntries(old, { ask: text }))
  return (
    <section className="secrecy-part">
      <header className="secrecy-head">
        <p className="quiet">{t('secrecy.ownText')}</p>
        <Button type="primary" onClick={() => ask(NEW)}>
          {t('secrecy.ask')}
        </Button>
      </header>
      {error && !data ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error && <div className="bone" />}
      {data?.rows.length === 0 && <EmptyState title={t('secrecy.ownNone')} text={t('secrecy.ownNoneText')} />}
      <ul className="secrecy-list">
        {data?.rows.map((row) => (
          <OwnRow key={row.unmaskingId} row={row} onReturn={() => setReturning(row)} />
        ))}
      </ul>
      {url.ask !== undefined && data && (
        <AskDialog vehicle={url.ask === NEW ? '' : url.ask} maxHours={data.maxHours} onClose={() => ask(undefined)} onAsked={renew} />
      )}
      {returning && (
        <ReasonDialog
          title={t(returning.state === 'pending' ? 'secrecy.withdraw' : 'secrecy.return')}
          onClose={() => setReturning(null)}
          onSubmit={async (reason) => {
            await call('returnUnmasking', { params: { unmaskingId: returning.unmaskingId }, body: { reason } })
            setReturning(null)
            renew()
          }}
        />
      )}
    </section>
  )
}

function OwnRow({ row, onReturn }: { row: OwnUnmasking; onReturn: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const state = useStateNow(row)
  return (
    <li>
      <div className="secrecy-row">
        <strong>{nameOf(row.asked)}</strong>
        <StateWord state={row.state} until={row.until} />
      </div>
      <p>{row.purpose}</p>
      <p className="quiet figure">
        {t('secrecy.askedAt', { n: row.unmaskingId, at: formatInstant(Date.parse(row.askedAt)).slice(0, 16), hours: row.hours })}
      </p>
      {row.decided && <p className="quiet">{t('secrecy.decided', { who: row.decided.by.displayName, reason: row.decided.reason })}</p>}
      {row.ended?.reason && (
        <p className="quiet">{t('secrecy.endedBy', { who: row.ended.by?.displayName ?? '', reason: row.ended.reason })}</p>
      )}
      <div className="secrecy-actions">
        {state === 'approved' && row.vehicle && (
          <Button
            size="small"
            type="primary"
            onClick={() => void navigate({ to: '/live', search: { v: String(row.vehicle!.vehicleId) } } as never)}
          >
            {t('secrecy.look')}
          </Button>
        )}
        {(state === 'pending' || state === 'approved') && (
          <Button size="small" onClick={onReturn}>
            {t(state === 'pending' ? 'secrecy.withdraw' : 'secrecy.return')}
          </Button>
        )}
      </div>
    </li>
  )
}

/** A plate as it is printed; a number as it is. */
export const nameOf = (asked: string): string => (/^\d+$/.test(asked) ? asked : plateAsPrinted(asked))

function AskDialog(props: { vehicle: string; maxHours: number; onClose: () => void; onAsked: () => void }) {
  const { t } = useText()
  const [vehicle, setVehicle] = useState(props.vehicle)
  const [purpose, setPurpose] = useState('')
  const [hours, setHours] = useState(Math.min(8, props.maxHours))
  return (
    <FormDialog
      title={t('secrecy.ask')}
      submitText={t('secrecy.send')}
      ready={vehicle.trim().length >= 4 && purpose.trim().length >= 4}
      onClose={props.onClose}
      onSubmit={async () => {
        await call('requestUnmasking', { body: { vehicle, purpose, hours } })
        props.onAsked()
      }}
    >
      <p className="quiet form-whole">{t('secrecy.askText')}</p>
      <Field label={t('secrecy.vehicle')}>
        <Input value={vehicle} maxLength={20} placeholder={t('secrecy.vehicleHint')} onChange={(event) => setVehicle(event.target.value)} />
      </Field>
      <Field label={t('secrecy.hours', { max: props.maxHours })}>
        <InputNumber min={1} max={props.maxHours} precision={0} value={hours} onChange={(value) => setHours(value ?? 1)} />
      </Field>
      <Field label={t('secrecy.purpose')} whole>
        <Input.TextArea
          rows={3}
          maxLength={200}
          value={purpose}
          placeholder={t('secrecy.purposeHint')}
          onChange={(event) => setPurpose(event.target.value)}
        />
      </Field>
    </FormDialog>
  )
}
