// Enters an accident or a violation, as the notice or the report says it: a plate, a time, a place.
import { Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { type MishapKind, mishapKinds } from '../../../services/domain/mishaps.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { fenOf } from '../../kit/format/money.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

export function EnterDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  // Sent twice it is entered once.
  const [key] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<MishapKind>('violation')
  const [plate, setPlate] = useState('')
  const [at, setAt] = useState('')
  const [place, setPlace] = useState('')
  const [text, setText] = useState('')
  const [noticeNo, setNoticeNo] = useState('')
  const [yuan, setYuan] = useState<number | null>(null)
  const [points, setPoints] = useState<number | null>(null)
  const atMs = fromWallClock(at)
  const violation = kind === 'violation'
  return (
    <FormDialog
      title={t('mishaps.enter')}
      width={640}
      ready={
        plate.trim().length > 5 &&
        atMs !== undefined &&
        place.trim().length > 1 &&
        text.trim().length > 1 &&
        (!violation || noticeNo.trim() !== '')
      }
      onSubmit={async () => {
        await call('enterMishap', {
          body: {
            ...{ key, kind, plate: plate.trim(), place: place.trim(), text: text.trim(), noticeNo: noticeNo.trim() || null },
            ...{ at: new Date(atMs!).toISOString(), fineFen: yuan === null ? 0 : fenOf(yuan), points: points ?? 0 },
          },
        })
        await queryClient.invalidateQueries({ queryKey: ['mishaps'] })
      }}
      onClose={onClose}
    >
      <Field label={t('mishaps.kind')} whole>
        <Segmented value={kind} onChange={setKind} options={mishapKinds.map((value) => ({ value, label: t(`mishapKind.${value}`) }))} />
      </Field>
      <Field name="plate" label={t('mishaps.plate')} required>
        <Input maxLength={20} value={plate} onChange={({ target }) => setPlate(target.value)} />
      </Field>
      <Field name="at" label={t('mishaps.at')} required>
        <Input type="datetime-local" max={toWallClock(Date.now()).slice(0, 16)} value={at} onChange={({ target }) => setAt(target.value)} />
      </Field>
      <Field name="place" label={t('mishaps.place')} required>
        <Input maxLength={100} value={place} onChange={({ target }) => setPlace(target.value)} />
      </Field>
      <Field name="noticeNo" label={t('mishaps.noticeNo')} required={violation}>
        <Input maxLength={60} value={noticeNo} onChange={({ target }) => setNoticeNo(target.value)} />
      </Field>
      <Field name="text" label={t('mishaps.text')} whole required>
        <Input.TextArea rows={2} maxLength={500} value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      <Field name="fineFen" label={t('mishaps.fineYuan')}>
        <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
      <Field name="points" label={t('mishaps.points')}>
        <InputNumber precision={0} min={0} max={12} value={points} onChange={setPoints} />
      </Field>
    </FormDialog>
  )
}
