// 封存停驶: vehicles of plans that are still to be sealed, each where it stands, with photo, place and key keeper.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Seal } from '../../../services/contracts/api/sealing.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { call } from '../../kit/api/session.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { instantInWords } from '../../parts/trip/when.ts'
import { PictureField } from '../camera/PictureField.tsx'
import { callOrLast } from '../outbox/lastAnswer.ts'
import { useText } from '../texts.ts'
import { PhoneForm } from '../ui/PhoneForm.tsx'
import { useDeed } from '../useDeed.ts'

export function SealingScreen({ account }: { account: Account }) {
  const { t, locale } = useText()
  const [sealing, setSealing] = useState<number | null>(null)
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'seals'],
    queryFn: () => callOrLast(account.username, 'listSeals', { query: { state: 'PLANNED', limit: 100 } }),
    refetchInterval: 60_000,
  })
  return (
    <div className="phone-page">
      <h1>{t('stand.title')}</h1>
      {!data && (error ? <ErrorState error={error} retry={() => void refetch()} /> : <div className="bone" aria-busy="true" />)}
      {data?.rows.length === 0 && <EmptyState title={t('stand.none')} text={t('stand.noneText')} />}
      <div className="phone-cards">
        {data?.rows.map((seal) => (
          <article key={seal.sealId} className="phone-card" aria-label={seal.vehicle.plate}>
            <header className="phone-line">
              <strong className="figure">{seal.vehicle.plate}</strong>
              <span className="quiet">{t('stand.days', { name: seal.name, from: instantInWords(seal.from, locale) })}</span>
            </header>
            {sealing === seal.sealId ? (
              <SealForm seal={seal} onDone={() => setSealing(null)} />
            ) : (
              seal.mayAct.includes('seal') && (
                <button type="button" className="phone-button phone-strong" onClick={() => setSealing(seal.sealId)}>
                  {t('stand.seal')}
                </button>
              )
            )}
          </article>
        ))}
      </div>
    </div>
  )
}

function SealForm({ seal: { sealId, version, photos }, onDone }: { seal: Seal; onDone: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [place, setPlace] = useState('')
  const [keyKeeper, setKeyKeeper] = useState('')
  const [pictures, setPictures] = useState<Blob[]>([])
  /** Those that are there already when something after them fails. */
  const [sent, setSent] = useState<readonly Blob[]>([])
  const missing = place.trim().length < 2 || keyKeeper.trim().length < 2 || pictures.length + photos.length === 0
  async function seal() {
    const there = [...sent]
    for (const upload of pictures.filter((picture) => !there.includes(picture))) {
      await call('addSealPhoto', { params: { sealId }, upload })
      there.push(upload)
      setSent([...there])
    }
    const data = { place: place.trim(), keyKeeper: keyKeeper.trim() }
    await call('actOnSeals', { body: { seals: [{ sealId, version }], action: 'seal', reason: t('stand.reason'), data } })
  }
  return (
    <PhoneForm
      verb={t('stand.seal')}
      problem={missing ? t('stand.missing') : null}
      deed={deed}
      onLeave={onDone}
      onSend={async () => {
        if (await deed.run(seal)) onDone()
      }}
    >
      <div className="phone-field">
        <label htmlFor={`${id}-place`}>{t('stand.place')}</label>
        <input id={`${id}-place`} maxLength={100} value={place} onChange={({ target }) => setPlace(target.value)} />
      </div>
      <div className="phone-field">
        <label htmlFor={`${id}-keeper`}>{t('stand.keyKeeper')}</label>
        <input id={`${id}-keeper`} maxLength={50} value={keyKeeper} onChange={({ target }) => setKeyKeeper(target.value)} />
      </div>
      <PictureField label={t('stand.photos')} pictures={pictures} onChange={setPictures} />
    </PhoneForm>
  )
}
