// Who would approve what is being filled in, asked once it has stopped changing; nothing while it is not yet what could be sent.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { BodyOf } from '../../../services/contracts/api.ts'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { Chain } from './Chain.tsx'
import { useText } from './texts.ts'

const SETTLED_MS = 600

/** @param trip null: not filled in yet */
export function ChainPreview({ trip }: { trip: BodyOf<'previewRequest'> | null }) {
  const { t } = useText()
  const asked = useSettled(trip === null ? '' : JSON.stringify(trip), SETTLED_MS)
  const { data } = useQuery({
    // Of the requests: what changes them changes who is asked.
    queryKey: ['requests', 'preview', asked],
    enabled: asked !== '',
    queryFn: ({ signal }) => call('previewRequest', { body: JSON.parse(asked) as BodyOf<'previewRequest'>, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (trip === null || !data) return null
  return (
    <section aria-live="polite">
      <h3>{t('chain.title')}</h3>
      <Chain chain={data.chain} />
    </section>
  )
}
