// Keeps a request as a favourite trip, under a name.
import { useId, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'

export function KeepFavourite({ requestId, name: given, onLeave }: { requestId: number; name: string; onLeave: () => void }) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [name, setName] = useState(given.slice(0, 40))
  async function keep() {
    const request = await call('getRequest', { params: { requestId } })
    const { purposeKind, purpose, from, to, via, passengers, withDriver, travellers, contactName, contactPhone, note } = request
    const trip = { purposeKind, purpose, from, to, via, passengers, withDriver, travellers, contactName, contactPhone, note }
    await call('addFavourite', { body: { favourite: { kind: 'trip', name: name.trim(), trip } } })
  }
  return (
    <form
      className="phone-inset"
      onSubmit={async (event) => {
        event.preventDefault()
        if (name.trim() !== '' && (await deed.run(keep))) onLeave()
      }}
    >
      <div className="phone-field">
        <label htmlFor={id}>{t('fav.name')}</label>
        <input id={id} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      <Fault error={deed.error} />
      <div className="phone-buttons">
        <button type="button" className="phone-button" onClick={onLeave}>
          {t('kit.cancel')}
        </button>
        <button type="submit" className="phone-button phone-strong" disabled={deed.busy || name.trim() === ''}>
          {t('fav.keep')}
        </button>
      </div>
    </form>
  )
}
