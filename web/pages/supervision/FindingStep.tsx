// A step on one finding or several, each by itself, with its reason: of several it is told which could not be done, and why. What answers one may have photos.
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { issueText } from '../../kit/api/errorText.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { titleOf } from './say.ts'
import { useText } from './texts.ts'

export type Action = FindingRow['mayAct'][number]
type Row = Pick<FindingRow, 'findingId' | 'version' | 'rule' | 'state' | 'vehicle'>
type Refused = { done: number; rows: { row: Row; why: string }[] }
type Props = { rows: readonly Row[]; action: Action; onDone?: () => void; onClose: () => void }

export function FindingStep({ rows, action, onDone, onClose }: Props) {
  const { t, locale } = useText()
  const [photos, setPhotos] = useState<File[]>([])
  /** Known when the dialog ends, and shown then. */
  const left = useRef<Refused | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  // What a file was sent as stays its own, however often the dialog is sent.
  const keys = useRef(new Map<File | 'answer', string>())
  const keyOf = (of: File | 'answer') => {
    const key = keys.current.get(of) ?? crypto.randomUUID()
    keys.current.set(of, key)
    return key
  }
  const word = t(`supervisionAction.${action}`)
  const [one] = rows
  async function answer(findingId: number, text: string) {
    for (const upload of photos) await call('addSupervisionPhoto', { params: { findingId }, query: { key: keyOf(upload) }, upload })
    const now = new Date().toISOString()
    const body = { key: keyOf('answer'), text, atDevice: now, sentAtDevice: now }
    await call('explainSupervisionFinding', { params: { findingId }, body })
  }
  async function take(reason: string): Promise<Refused | null> {
    if (action === 'explain' && rows.length === 1) {
      await answer(one!.findingId, reason)
      return null
    }
    const findings = rows.map(({ findingId, version }) => ({ findingId, version }))
    const told = await call('actOnSupervisionFindings', { body: { findings, action, reason } })
    if (told.refused.length === 0) return null
    const whyOf = ({ issues, code }: (typeof told.refused)[number]) => (issues[0] && issueText(issues[0], locale)) ?? code
    return {
      done: told.rows.length,
      rows: told.refused.map((each) => ({ row: rows.find(({ findingId }) => findingId === each.findingId)!, why: whyOf(each) })),
    }
  }
  if (refused)
    return (
      <Modal
        open
        title={t('supervision.refused', { done: refused.done, n: refused.rows.length })}
        onCancel={onClose}
        footer={<Button onClick={onClose}>{t('action.close')}</Button>}
      >
        <ul className="rows">
          {refused.rows.map(({ row, why }) => (
            <li key={row.findingId}>
              <span>
                {plateAsPrinted(row.vehicle.plate)} {titleOf(row, t)}
                <br />
                <span className="error-text">{why}</span>
              </span>
            </li>
          ))}
        </ul>
      </Modal>
    )
  return (
    <ReasonDialog
      title={rows.length === 1 ? word : t('supervision.chosen', { action: word, n: rows.length })}
      onSubmit={async (reason) => {
        left.current = await take(reason)
        onDone?.()
        await queryClient.invalidateQueries({ queryKey: ['supervision'] })
      }}
      onClose={() => (left.current ? setRefused(left.current) : onClose())}
    >
      {action === 'explain' && rows.length === 1 && (
        <Field label={t('supervision.addPhotos', { n: photos.length })} whole>
          <input
            type="file"
            accept="image/jpeg,image/png,image/webp"
            multiple
            onChange={({ target }) => setPhotos([...(target.files ?? [])])}
          />
        </Field>
      )}
    </ReasonDialog>
  )
}
