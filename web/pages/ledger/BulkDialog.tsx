// One change to the chosen vehicles: what, then what would happen to each, then all of it or nothing.
import { useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { type BulkChange, MAX_BULK } from '../../../services/contracts/api/ledger.ts'
import type { AnswerOf, BodyOf } from '../../../services/contracts/api.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

const fields = ['state', 'insuranceUntil', 'inspectionUntil', 'userUnitId'] as const
type BulkField = (typeof fields)[number]

/** Vehicles chosen one by one, or all that the list finds. */
type Target = Pick<BodyOf<'previewBulk'>, 'vehicleIds' | 'filter'>

export function BulkDialog({ target, count, onDone, onClose }: { target: Target; count: number; onDone: () => void; onClose: () => void }) {
  const { t, locale } = useText()
  const account = useAccount()
  const client = useQueryClient()
  const [field, setField] = useState<BulkField>('insuranceUntil')
  const [value, setValue] = useState<string | number | undefined>()
  const [preview, setPreview] = useState<AnswerOf<'previewBulk'> | null>(null)
  const [skipRefused, setSkipRefused] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const set = { [field]: value } as BulkChange
  const change = (next: string | number | undefined) => {
    setValue(next)
    setPreview(null)
  }
  async function look() {
    setError(null)
    try {
      setPreview(await call('previewBulk', { body: { ...target, set } }))
    } catch (failure) {
      setError(failure)
    }
  }
  const mine = fields.filter((each) => each !== 'userUnitId' || (may(account, 'ledger.approve') && count <= MAX_BULK))
  return (
    <ReasonDialog
      title={t('ledger.bulk', { n: count })}
      ready={preview !== null && (preview.refused === 0 || skipRefused) && preview.changes > 0}
      onClose={onClose}
      onSubmit={async (reason) => {
        await call('applyBulk', { body: { ...target, set, token: preview!.token, reason, skipRefused } })
        await client.invalidateQueries({ queryKey: ['ledger'] })
        await client.invalidateQueries({ queryKey: ['vehicleFile'] })
        onDone()
      }}
    >
      <Field label={t('ledger.bulkField')}>
        <Select
          value={field}
          options={mine.map((each) => ({ value: each, label: t(`field.${each}`) }))}
          onChange={(next: BulkField) => {
            setField(next)
            change(undefined)
          }}
        />
      </Field>
      <Field label={t(`field.${field}`)}>
        {field === 'state' ? (
          <Select
            value={value as string}
            options={(['SUSPENDED', 'AVAILABLE'] as const).map((state) => ({ value: state, label: t(`vehicleState.${state}`) }))}
            onChange={change}
          />
        ) : field === 'userUnitId' ? (
          <UnitChoice label={t('field.userUnitId')} value={value as number | undefined} onChange={change} />
        ) : (
          <Input type="date" value={(value as string) ?? ''} onChange={(event) => change(event.target.value || undefined)} />
        )}
      </Field>
      <div className="form-whole">
        <Button disabled={value === undefined} onClick={() => void look()}>
          {t('ledger.bulkPreview')}
        </Button>
      </div>
      <div className="form-whole" role="status">
        {preview && <p>{t('ledger.bulkChanges', { n: preview.changes, same: preview.unchanged })}</p>}
        {preview && preview.refused > 0 && (
          <>
            <p className="error-text">{t('ledger.bulkRefused', { n: preview.refused })}</p>
            <ul className="rows">
              {preview.refusals.slice(0, 10).map((refused) => (
                <li key={refused.vehicleId}>
                  <span className="figure">{plateAsPrinted(refused.plate)}</span>
                  <span>{refusalSentence(refused.reason, refused.values, locale) ?? refused.message}</span>
                </li>
              ))}
            </ul>
            <Checkbox checked={skipRefused} onChange={(event) => setSkipRefused(event.target.checked)}>
              {t('ledger.bulkSkip')}
            </Checkbox>
          </>
        )}
        {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
      </div>
    </ReasonDialog>
  )
}
