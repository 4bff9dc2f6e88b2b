// Photos and documents of a vehicle: photos as pictures, documents as links, both added and removed by who may draft.
import { DeleteOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { VehicleAttachment, VehicleFile } from '../../../services/contracts/api/ledger.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { useText } from './texts.ts'
import { addressOf, uploadFile } from './upload.ts'

export function Attachments({ file }: { file: VehicleFile }) {
  const { t, locale } = useText()
  const account = useAccount()
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [removing, setRemoving] = useState<VehicleAttachment | null>(null)
  const mayDraft = may(account, 'ledger.draft')
  const refresh = () => client.invalidateQueries({ queryKey: ['vehicleFile', file.vehicleId] })
  async function add(kind: VehicleAttachment['kind'], chosen: File | undefined) {
    if (!chosen) return
    setBusy(true)
    setError(null)
    try {
      await uploadFile(file.vehicleId, kind, chosen, account.csrfToken)
      await refresh()
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  const chooser = (kind: VehicleAttachment['kind'], label: string, accept: string) => (
    <label className={busy ? 'plain-button ledger-upload ledger-busy' : 'plain-button ledger-upload'}>
      {label}
      <input
        type="file"
        accept={accept}
        disabled={busy}
        onChange={(event) => {
          void add(kind, event.target.files?.[0])
          event.target.value = ''
        }}
      />
    </label>
  )
  return (
    <section className="panel-part" aria-label={t('file.attachments')}>
      <h3>{t('file.attachments')}</h3>
      {file.files.length === 0 && <p className="quiet">{t('file.noAttachments')}</p>}
      <ul className="ledger-photos">
        {file.files.map((each) => (
          <li key={each.fileId}>
            {each.kind === 'photo' && <img src={addressOf(file.vehicleId, each.fileId)} alt={each.name} loading="lazy" />}
            <span className="ledger-file-name">
              <a href={addressOf(file.vehicleId, each.fileId)} download={each.name}>
                {each.name}
              </a>
              {mayDraft && (
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined />}
                  aria-label={t('file.remove', { name: each.name })}
                  onClick={() => setRemoving(each)}
                />
              )}
            </span>
          </li>
        ))}
      </ul>
      {mayDraft && (
        <div className="button-row">
          {chooser('photo', t('file.addPhoto'), 'image/jpeg,image/png,image/webp')}
          {chooser('document', t('file.addDocument'), 'application/pdf,image/jpeg,image/png,image/webp')}
        </div>
      )}
      <div role="alert">{error !== null && <p className="error-text">{errorText(error, t, locale)}</p>}</div>
      {removing && (
        <ReasonDialog
          danger
          title={t('file.remove', { name: removing.name })}
          onClose={() => setRemoving(null)}
          onSubmit={(reason) =>
            call('removeVehicleFile', { params: { vehicleId: file.vehicleId, fileId: removing.fileId }, query: { reason } }).then(refresh)
          }
        />
      )}
    </section>
  )
}
