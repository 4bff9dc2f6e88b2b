// A step on one vehicle or several, all of them or none, with its reason; whoever seals says where it stands and who has the keys.
import { Input } from 'antd'
import { useState } from 'react'
import type { Seal } from '../../../services/contracts/api/sealing.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { useText } from './texts.ts'

type Props = {
  rows: readonly Pick<Seal, 'sealId' | 'version'>[]
  action: Seal['mayAct'][number]
  onDone?: () => void
  onClose: () => void
}

export function SealStep({ rows, action, onDone, onClose }: Props) {
  const { t } = useText()
  const [place, setPlace] = useState('')
  const [keyKeeper, setKeyKeeper] = useState('')
  const says = action === 'seal'
  const word = t(`sealAction.${action}`)
  return (
    <ReasonDialog
      title={rows.length === 1 ? word : t('sealing.chosen', { action: word, n: rows.length })}
      ready={!says || (place.trim().length > 1 && keyKeeper.trim().length > 1)}
      onSubmit={async (reason) => {
        const data = says ? { place: place.trim(), keyKeeper: keyKeeper.trim() } : {}
        await call('actOnSeals', { body: { seals: rows.map(({ sealId, version }) => ({ sealId, version })), action, reason, data } })
        onDone?.()
        await queryClient.invalidateQueries({ queryKey: ['sealing'] })
      }}
      onClose={onClose}
    >
      {says && (
        <>
          <Field label={t('sealing.place')} required>
            <Input maxLength={100} value={place} onChange={({ target }) => setPlace(target.value)} />
          </Field>
          <Field label={t('sealing.keyKeeper')} required>
            <Input maxLength={50} value={keyKeeper} onChange={({ target }) => setKeyKeeper(target.value)} />
          </Field>
        </>
      )}
    </ReasonDialog>
  )
}
