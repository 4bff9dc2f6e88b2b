// One finding on the phone: what is suspected, what was said and decided, and one's own answer with photos; an appeal, where one may.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Finding } from '../../../services/contracts/api/supervision.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { wordOf } from '../../../services/domain/words.ts'
import { urlOf } from '../../kit/api/client.ts'
import { endpoints } from '../../kit/api/endpoints.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { figureOf, noteOf } from '../../parts/supervision/figure.ts'
import { instantInWords } from '../../parts/trip/when.ts'
import { PictureField } from '../camera/PictureField.tsx'
import { isAnswer } from '../outbox/entries.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { putIn, useEntries } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { AsideEntry } from '../trips/AsideEntry.tsx'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'
import { FindingTitle } from './FindingsScreen.tsx'

/** What is answered with words alone, and needs the network: the rest goes through the outbox. */
const others = ['appeal', 'askReview', 'rectify'] as const
type Other = (typeof others)[number]

export function FindingScreen({ account, findingId }: { account: Account; findingId: number }) {
  const { t, locale } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'finding', findingId],
    queryFn: () => callOrLast(account.username, 'getSupervisionFinding', { params: { findingId } }),
  })
  const own = useEntries().filter((entry) => isAnswer(entry) && entry.username === account.username && entry.data.findingId === findingId)
  const waits = own.some(({ aside }) => !aside)
  return (
    <div className="phone-page">
      <a href="#me/findings">{t('finding.back')}</a>
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {own.map((entry) => entry.aside && <AsideEntry key={entry.id} entry={entry} />)}
      {data && (
        <>
          <section className="phone-card">
            <h1>
              <FindingTitle row={data} />
            </h1>
            <p className="phone-line">
              <span className="figure">{data.vehicle.plate}</span>
              <span className="phone-state phone-state-warn">{t(`supervisionState.${data.state}`)}</span>
            </p>
            <p className="quiet figure">
              {instantInWords(data.from, locale)}
              {data.until && ` – ${instantInWords(data.until, locale)}`}
            </p>
            <p>
              {t('finding.figure')} <span className="figure">{figureOf(data, locale)}</span> {noteOf(data.note, locale)}
            </p>
            {data.dueAt && data.mayAct.length > 0 && <p>{t('finding.by', { time: instantInWords(data.dueAt, locale) })}</p>}
            <p className="quiet">{t('finding.fair')}</p>
          </section>
          {waits ? <p className="warn-text">{t('finding.waits')}</p> : <Answer finding={data} username={account.username} />}
          <Said finding={data} />
        </>
      )}
    </div>
  )
}

function Answer({ finding, username }: { finding: Finding; username: string }) {
  const { t } = useText()
  const [open, setOpen] = useState<'explain' | Other | null>(null)
  const may = (['explain', ...others] as const).filter((action) => finding.mayAct.includes(action))
  if (open) return <AnswerForm finding={finding} username={username} action={open} onDone={() => setOpen(null)} />
  return (
    <div className="phone-buttons">
      {may.map((action) => (
        <button
          key={action}
          type="button"
          className={`phone-button${action === 'explain' ? ' phone-strong' : ''}`}
          onClick={() => setOpen(action)}
        >
          {t(`supervisionAction.${action}`)}
        </button>
      ))}
    </div>
  )
}

type FormProps = { finding: Finding; username: string; action: 'explain' | Other; onDone: () => void }
function AnswerForm({ finding: { findingId, version }, username, action, onDone }: FormProps) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [text, setText] = useState('')
  const [pictures, setPictures] = useState<Blob[]>([])
  const said = text.trim()
  const send = () =>
    action === 'explain'
      ? putIn({ action, username, orderId: null, data: { findingId, text: said } }, pictures)
      : call('actOnSupervisionFindings', { body: { findings: [{ findingId, version }], action, reason: said } })
  return (
    <PhoneForm
      verb={t(`supervisionAction.${action}`)}
      problem={said.length < 4 ? t('finding.missing') : null}
      deed={deed}
      onLeave={onDone}
      onSend={async () => {
        if (await deed.run(send)) onDone()
      }}
    >
      <div className="phone-field">
        <label htmlFor={id}>{t(action === 'explain' ? 'finding.text' : 'finding.why')}</label>
        <textarea
          id={id}
          rows={4}
          maxLength={action === 'explain' ? 1_000 : 200}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      {action === 'explain' && <PictureField label={t('finding.photos')} pictures={pictures} onChange={setPictures} />}
    </PhoneForm>
  )
}

function Said({ finding: { findingId, steps, photos } }: { finding: Finding }) {
  const { t, locale } = useText()
  return (
    <section className="phone-card" aria-labelledby="finding-steps">
      <h2 id="finding-steps">{t('finding.steps')}</h2>
      <ul className="rows">
        {steps.map((step) => (
          <li key={`${step.at} ${step.action}`}>
            <span>
              <strong>{wordOf('supervisionAction', step.action, locale) ?? step.action}</strong> <span className="quiet">{step.by}</span>
              {step.reason && (
                <>
                  <br />
                  {step.reason}
                </>
              )}
            </span>
            <span className="quiet figure phone-whole">{instantInWords(step.at, locale)}</span>
          </li>
        ))}
      </ul>
      {/* Who looks at a photo is put on record: it is fetched when it is opened, and not before. */}
      {photos.map(({ photoId, by }) => (
        <a key={photoId} href={urlOf(endpoints.readSupervisionPhoto.path, { findingId, photoId })} target="_blank" rel="noreferrer">
          {t('finding.photo', { n: photoId, by })}
        </a>
      ))}
    </section>
  )
}
