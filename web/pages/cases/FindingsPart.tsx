// What a case has found: each moment or stretch with its photos, the explanation, and what was verified. Until then it is 疑似.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import type { Finding } from '../../../services/contracts/api/findings.ts'
import { isOpenFinding } from '../../../services/domain/findings.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { writeVehicle } from '../../parts/vehicle/liveUrl.ts'
import { AskDialog, ConcludeDialog, NoteDialog, StepReasonDialog } from './findingDialogs.tsx'
import type { FreshFinding } from './freshFinding.ts'
import { useText } from './texts.ts'

const minute = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)
const findingSpan = ({ from, until }: Pick<Finding, 'from' | 'until'>): string =>
  from === until ? minute(from) : `${minute(from)} – ${minute(until)}`
/** Before and after a moment, so that it is seen how it came about. */
const AROUND_MS = 10 * 60_000
const SHOWN = 200

/** `fresh`: whoever comes from a replay notes what he saw there. */
export function FindingsPart({ of, fresh, onFreshDone }: { of: Case; fresh: FreshFinding | undefined; onFreshDone: () => void }) {
  const { t, locale } = useText()
  const client = useQueryClient()
  const [noting, setNoting] = useState(false)
  const queryKey = ['cases', of.caseId, 'findings']
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => call('listFindings', { params: { caseId: of.caseId }, query: { limit: SHOWN }, signal }),
  })
  const refresh = () => client.invalidateQueries({ queryKey })
  const open = of.state === 'OPEN'
  return (
    <section className="panel-part">
      <h3>{t('findings.title')}</h3>
      {error && <p className="error-text">{errorText(error, t, locale)}</p>}
      {data?.total === 0 && <p className="quiet">{t('findings.none')}</p>}
      <ul className="rows evidence-rows">
        {data?.rows.map((row) => (
          <FindingRow key={row.findingId} of={of} row={row} onChanged={refresh} />
        ))}
      </ul>
      {open && of.vehicleRows.length > 0 && <Button onClick={() => setNoting(true)}>{t('findings.note')}</Button>}
      {open && (noting || fresh) && (
        <NoteDialog
          of={of}
          fresh={fresh}
          onChanged={refresh}
          onClose={() => {
            setNoting(false)
            if (fresh) onFreshDone()
          }}
        />
      )}
    </section>
  )
}

type Asked = Finding['mayAct'][number] | 'change'

function FindingRow({ of, row, onChanged }: { of: Case; row: Finding; onChanged: () => Promise<unknown> }) {
  const { t, locale } = useText()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const { vehicle, answer } = row
  const open = of.state === 'OPEN'
  const range = { fromMs: Date.parse(row.from) - AROUND_MS, toMs: Date.parse(row.until) + AROUND_MS }
  const inCase = { fromMs: Math.max(range.fromMs, Date.parse(of.from)), toMs: Math.min(range.toMs, Date.parse(of.until)) }
  async function addPhoto(file: File | undefined) {
    if (!file) return
    setError(null)
    setBusy(true)
    try {
      await call('addFindingPhoto', { params: { findingId: row.findingId }, upload: file })
      await onChanged()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const close = () => setAsked(null)
  return (
    <li>
      <span className="figure">{row.nth}.</span> {t(`findingState.${row.state}`)}{' '}
      {vehicle ? <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> : t('cases.hidden')}
      <br />
      <span className="quiet figure">{findingSpan(row)}</span>
      <p className="finding-text">{row.text}</p>
      {row.asked && (
        <p className="quiet">
          {t('findings.askedOf', { name: row.asked.displayName, unit: row.asked.organisation, due: minute(row.asked.dueAt) })}
          <br />
          {row.asked.question}
        </p>
      )}
      {answer && (
        <p className="finding-text">
          <span className="quiet">{t(answer.late ? 'findings.answeredLate' : 'findings.answered', { at: minute(answer.at) })}</span>
          <br />
          {answer.text}
        </p>
      )}
      {row.conclusion !== null && (
        <p className="finding-text">
          <span className="quiet">{t('findings.conclusion')}</span>
          <br />
          {row.conclusion}
        </p>
      )}
      {row.photos.length > 0 && (
        <span className="finding-photos">
          {row.photos.map(({ photoId, by, at }, n) => (
            <a
              key={photoId}
              href={`/api/v1/findings/${row.findingId}/photos/${photoId}`}
              title={`${by} ${minute(at)}`}
              download={`${row.nth}-${photoId}.jpg`}
            >
              {t('findings.photo', { n: n + 1 })}
            </a>
          ))}
        </span>
      )}
      {error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}
      <span className="case-steps">
        {open && vehicle && (
          <Button
            size="small"
            onClick={() =>
              void navigate({
                to: '/replay',
                search: { ...writeVehicle({ vehicleId: vehicle.vehicleId, range: inCase, trail: true }), case: String(of.caseId) },
              } as never)
            }
          >
            {t('findings.replay')}
          </Button>
        )}
        {open && isOpenFinding(row.state) && (
          <>
            <Button size="small" onClick={() => setAsked('change')}>
              {t('cases.change')}
            </Button>
            <Button size="small" loading={busy} onClick={() => picker.current?.click()}>
              {t('findings.addPhoto')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept="image/jpeg,image/png,image/webp"
              hidden
              aria-label={t('findings.addPhoto')}
              onChange={({ target }) => {
                void addPhoto(target.files?.[0])
                target.value = ''
              }}
            />
          </>
        )}
        {row.mayAct.map((action) => (
          <Button key={action} size="small" type={action === 'ask' ? 'primary' : 'default'} onClick={() => setAsked(action)}>
            {t(`findingAction.${action}`)}
          </Button>
        ))}
      </span>
      <details>
        <summary className="quiet">{t('cases.steps')}</summary>
        <ul className="rows">
          {row.steps.map((step) => (
            <li key={`${step.at} ${step.action}`}>
              <span>
                {t(`findingAction.${step.action as 'ask'}`)} <span className="quiet">{step.by}</span>
                {step.reason && (
                  <>
                    <br />
                    {step.reason}
                  </>
                )}
                {typeof step.data.text === 'string' && (
                  <>
                    <br />
                    <span className="quiet">{step.data.text}</span>
                  </>
                )}
              </span>
              <span className="quiet figure">{minute(step.at)}</span>
            </li>
          ))}
        </ul>
      </details>
      {asked === 'change' && <NoteDialog of={of} row={row} onChanged={onChanged} onClose={close} />}
      {asked === 'ask' && <AskDialog row={row} onChanged={onChanged} onClose={close} />}
      {(asked === 'confirm' || asked === 'dismiss') && <ConcludeDialog row={row} action={asked} onChanged={onChanged} onClose={close} />}
      {(asked === 'reopen' || asked === 'withdraw') && <StepReasonDialog row={row} action={asked} onChanged={onChanged} onClose={close} />}
    </li>
  )
}
