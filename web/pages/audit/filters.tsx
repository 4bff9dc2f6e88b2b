// The fields of the audit page. Words, numbers and times apply with Enter or on leaving the field.
import { Input } from 'antd'
import { useAccount } from '../../kit/api/session.ts'
import { fromWallClock } from '../../kit/format/time.ts'
import type { Filter, FilterField } from '../../kit/list/declareList.ts'
import type { TextKey } from './texts.ts'

type Field = FilterField<TextKey>

function Typed({
  t,
  text,
  set,
  label,
  ...more
}: Pick<Field, 't' | 'text' | 'set'> & { label: TextKey; type?: string; prefix?: React.ReactNode }) {
  return (
    <Input
      // The address is the truth: another address is another field.
      key={text ?? ''}
      allowClear={more.type === undefined}
      maxLength={64}
      defaultValue={text}
      aria-label={t(label)}
      placeholder={t(label)}
      onPressEnter={(event) => set(event.currentTarget.value.trim() || undefined)}
      onBlur={(event) => event.currentTarget.value.trim() !== (text ?? '') && set(event.currentTarget.value.trim() || undefined)}
      onClear={() => set(undefined)}
      {...more}
    />
  )
}

const readWord = (text: string | undefined): string | undefined => text?.trim().slice(0, 64) || undefined

/** Some words. */
export const typed = (label: TextKey, prefix?: React.ReactNode): Filter<string, TextKey> => ({
  read: readWord,
  show: ({ t, text, set }) => <Typed t={t} text={text} set={set} label={label} prefix={prefix} />,
})

/** Whoever acted; not for those who see only what they did themselves. */
export const actor = (label: TextKey): Filter<string, TextKey> => ({
  read: readWord,
  show: (field) => <Actor {...field} label={label} />,
})

function Actor({ t, text, set, label }: Field & { label: TextKey }) {
  return seesOnlyOwn(useAccount()) ? null : <Typed t={t} text={text} set={set} label={label} />
}

export const seesOnlyOwn = ({ permissions }: ReturnType<typeof useAccount>): boolean => permissions['audit.view'].reach === 'self'

/** A moment, as clocks on the wall say it. */
export const moment = (label: TextKey): Filter<string, TextKey> => ({
  read: (text) => {
    const ms = text ? fromWallClock(text) : undefined
    return ms === undefined ? undefined : new Date(ms).toISOString()
  },
  show: ({ t, text, set }) => (
    <div className="audit-time">
      <span className="quiet" aria-hidden="true">
        {t(label)}
      </span>
      <Typed t={t} text={text} set={set} label={label} type="datetime-local" />
    </div>
  ),
})
