// Marks a sensitive vehicle (涉密) that the reader may see: named for it, or unmasked with the time that is left.
import { EyeInvisibleOutlined } from '@ant-design/icons'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import { useNow } from '../../kit/useNow.ts'
import { useText } from '../texts.ts'

export function SecretMark({ secret, until }: { secret: boolean; until: string | null }) {
  const { t, locale } = useText()
  const nowMs = useNow(30_000)
  if (!secret) return null
  const untilMs = until === null ? null : Date.parse(until)
  const text = untilMs === null ? t('secret.mark') : t('secret.left', { left: formatDuration(Math.max(0, untilMs - nowMs), locale) })
  return (
    <span
      className={untilMs === null ? 'secret-mark' : 'secret-mark secret-mark-timed'}
      title={untilMs === null ? t('secret.named') : t('secret.until', { until: formatInstant(untilMs) })}
    >
      <EyeInvisibleOutlined aria-hidden="true" /> {text}
    </span>
  )
}
