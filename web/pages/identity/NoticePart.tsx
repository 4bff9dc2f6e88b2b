// The notice on positions: its versions, how many have read each, and publishing a new one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'

const empty = { titleZh: '', textZh: '', titleEn: '', textEn: '' }

export function NoticePart() {
  const { t, locale } = useText()
  const cache = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: ['notices'], queryFn: ({ signal }) => call('listNotices', { signal }) })
  const [draft, setDraft] = useState<typeof empty | null>(null)
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  const newest = data?.rows[0]
  const ready =
    draft !== null && draft.titleZh.length >= 4 && draft.titleEn.length >= 4 && draft.textZh.length >= 20 && draft.textEn.length >= 20
  return (
    <section className="card" aria-labelledby="notices-title">
      <div className="card-head">
        <h2 id="notices-title">{t('notices.title')}</h2>
        <Button disabled={!data} onClick={() => setDraft(newest ? { ...empty, ...pick(newest) } : empty)}>
          {t('notices.publish')}
        </Button>
      </div>
      {data?.rows.map((notice) => (
        <details key={notice.noticeId}>
          <summary>
            {locale === 'en' ? notice.titleEn : notice.titleZh} · {t('notices.version', { n: notice.noticeId })}{' '}
            <span className="quiet">
              {t('policy.coming', { time: formatInstant(Date.parse(notice.effectiveFrom)).slice(0, 16) })} ·{' '}
              {t('notices.read', { n: formatCount(notice.acknowledged) })}
            </span>
          </summary>
          <p className="notice-text">{locale === 'en' ? notice.textEn : notice.textZh}</p>
        </details>
      ))}
      {draft && (
        <ReasonDialog
          title={t('notices.publish')}
          text={t('notices.publishText')}
          ready={ready}
          onClose={() => setDraft(null)}
          onSubmit={async (reason) => {
            await call('publishNotice', { body: { ...draft, reason } })
            setDraft(null)
            await cache.invalidateQueries({ queryKey: ['notices'] })
          }}
        >
          {(['titleZh', 'textZh', 'titleEn', 'textEn'] as const).map((key) => (
            <Field key={key} label={t(`notices.${key}`)} whole>
              <Input.TextArea
                rows={key.startsWith('title') ? 1 : 6}
                value={draft[key]}
                maxLength={key.startsWith('title') ? 100 : 8000}
                onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
              />
            </Field>
          ))}
        </ReasonDialog>
      )}
    </section>
  )
}

const pick = ({ titleZh, textZh, titleEn, textEn }: typeof empty): typeof empty => ({ titleZh, textZh, titleEn, textEn })
