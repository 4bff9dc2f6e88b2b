// Before a package is made: of which time and vehicles, what is left out and why, and how large it becomes at most.
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import { estimateEvidence } from '../../../services/domain/evidence.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { sizeText } from './size.ts'
import { useText } from './texts.ts'

type Props = { of: Case; onMade: () => Promise<unknown>; onClose: () => void }

export function EvidenceDialog({ of: { caseId, from, until }, onMade, onClose }: Props) {
  const { t, locale } = useText()
  const lastMs = Math.min(Date.parse(until), Date.now())
  const [typed, setTyped] = useState({ from: toWallClock(Date.parse(from)).slice(0, 16), until: toWallClock(lastMs).slice(0, 16) })
  const [left, setLeft] = useState<readonly number[]>([])
  const [language, setLanguage] = useState<'zh-CN' | 'en'>(locale === 'en' ? 'en' : 'zh-CN')
  const settled = useSettled(typed, 300)
  const period = periodOf(settled, { from, until })
  const { data, error } = useQuery({
    queryKey: ['cases', caseId, 'evidence', 'estimate', period],
    queryFn: ({ signal }) => call('estimateEvidence', { params: { caseId }, query: period!, signal }),
    enabled: period !== undefined,
  })
  const chosen = data?.vehicles.filter(({ vehicleId }) => !left.includes(vehicleId)) ?? []
  const { bytes, days } = data
    ? estimateEvidence(chosen.length, { fromMs: Date.parse(data.from), untilMs: Date.parse(data.until) })
    : { bytes: 0, days: 0 }
  const tooLarge = data !== undefined && bytes > data.mostBytes
  const set = (name: keyof typeof typed) => (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value })
  return (
    <FormDialog
      title={t('evidence.make')}
      submitText={t('evidence.make')}
      ready={chosen.length > 0 && !tooLarge && settled === typed}
      onSubmit={async () => {
        const vehicleIds = chosen.map(({ vehicleId }) => vehicleId)
        await call('makeEvidence', { params: { caseId }, body: { ...period!, ...(left.length > 0 ? { vehicleIds } : {}), language } })
        await onMade()
      }}
      onClose={onClose}
    >
      <p className="quiet form-whole">{t('evidence.holds')}</p>
      <Field name="from" label={t('cases.from')} required>
        <Input type="datetime-local" value={typed.from} onChange={set('from')} />
      </Field>
      <Field name="until" label={t('cases.until')} required>
        <Input type="datetime-local" value={typed.until} onChange={set('until')} />
      </Field>
      {error && <p className="error-text form-whole">{errorText(error, t, locale)}</p>}
      {data && (
        <fieldset className="form-whole evidence-choice">
          <legend>{t('evidence.vehicles')}</legend>
          {data.vehicles.length === 0 && <p className="quiet">{t('evidence.noVehicle')}</p>}
          {data.vehicles.map(({ vehicleId, plate, unit }) => (
            <Checkbox
              key={vehicleId}
              checked={!left.includes(vehicleId)}
              onChange={({ target }) => setLeft(target.checked ? left.filter((id) => id !== vehicleId) : [...left, vehicleId])}
            >
              {plateAsPrinted(plate)} <span className="quiet">{unit}</span>
            </Checkbox>
          ))}
          {data.leftOut.map(({ plate, why }) => (
            <p key={`${plate} ${why}`} className="quiet">
              {t('evidence.leftOut')} · {plateAsPrinted(plate)} · {t(`evidence.why.${why}`)}
            </p>
          ))}
        </fieldset>
      )}
      {data && chosen.length > 0 && (
        <p className={tooLarge ? 'error-text form-whole' : 'form-whole'} role="status">
          {tooLarge
            ? t('evidence.tooLarge', { size: sizeText(bytes), most: sizeText(data.mostBytes), days: data.mostDays })
            : t('evidence.sizeOf', { n: chosen.length, days, size: sizeText(bytes) })}
        </p>
      )}
      <Field name="language" label={t('evidence.language')} whole>
        <Select
          aria-label={t('evidence.language')}
          value={language}
          options={[
            { value: 'zh-CN', label: '中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={setLanguage}
        />
      </Field>
    </FormDialog>
  )
}

/** What was typed, to the minute; the ends of the case stay to the millisecond. Undefined while it is none. */
function periodOf(
  typed: { from: string; until: string },
  whole: { from: string; until: string },
): { from: string; until: string } | undefined {
  const [fromMs, untilMs] = [fromWallClock(typed.from), fromWallClock(typed.until)]
  if (fromMs === undefined || untilMs === undefined) return undefined
  const from = new Date(Math.max(fromMs, Date.parse(whole.from))).toISOString()
  const until = new Date(Math.min(untilMs, Date.parse(whole.until))).toISOString()
  return untilMs > fromMs ? { from, until } : undefined
}
