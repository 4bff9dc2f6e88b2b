// 用车: asked for on one screen, and below it what one has asked for.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Store, useStore } from '../../kit/store.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import type { ScreenProps } from '../screen.ts'
import { useText } from '../texts.ts'
import { FollowScreen } from '../travel/FollowScreen.tsx'
import { RideScreen } from '../travel/RideScreen.tsx'
import { Riding } from '../travel/Riding.tsx'
import { goTo } from '../useHash.ts'
import { BookForm } from './BookForm.tsx'
import { byNewest } from './bookForm.ts'
import { MyRequests } from './MyRequests.tsx'

/** What was done last; whoever comes back from changing a request reads it too. */
const saidStore = new Store('')

/** What a form is begun with from a request that there is. */
const modes = ['change', 'copy', 'back'] as const

export function BookScreen({ account, rest: [what, id] }: ScreenProps) {
  const { t } = useText()
  const said = useStore(saidStore)
  const own = useQuery({
    queryKey: ['phone', 'requests'],
    queryFn: () => callOrLast(account.username, 'listRequests', { query: { waiting: 'own', limit: 100 } }),
    refetchInterval: 30_000,
  })
  const rows = own.data?.rows ?? []
  /** The request that the form begins with: the one to be changed, copied or come back from; otherwise, for who is to be reached, the last one. */
  const mode = modes.find((each) => each === what) ?? 'new'
  const modelId = mode === 'new' ? byNewest(rows)[0]?.requestId : Number(id)
  const model = useQuery({
    queryKey: ['phone', 'request', modelId],
    enabled: modelId !== undefined,
    queryFn: () => call('getRequest', { params: { requestId: modelId! } }),
    // What is being typed is not overwritten by what comes later.
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  const saidHere = useRef<HTMLParagraphElement>(null)
  // What was done is seen together with the request that it was done to; it is said once.
  const listed = mode === 'new' && own.data !== undefined
  useEffect(() => {
    if (said !== '' && listed) saidHere.current?.scrollIntoView({ block: 'start' })
  }, [said, listed])
  useEffect(() => (mode === 'new' ? () => saidStore.set('') : undefined), [mode])
  const ready = own.data !== undefined && (modelId === undefined || model.data !== undefined || model.error !== null)
  if (what === 'follow' && id) return <FollowScreen orderId={Number(id)} back="#book" />
  if (what === 'trip' && id) return <RideScreen orderId={Number(id)} places={rows.flatMap((row) => [row.to, row.from, ...row.via])} />
  if (own.error && !own.data) return <ErrorState error={own.error} retry={() => void own.refetch()} />
  if (mode !== 'new' && model.error) return <ErrorState error={model.error} retry={() => void model.refetch()} />
  return (
    <div className="phone-page">
      <h1>{t(mode === 'change' ? 'book.change' : 'book.title')}</h1>
      {ready ? (
        <BookForm
          key={`${mode} ${id ?? ''}`}
          account={account}
          mode={mode}
          rows={rows}
          model={model.data ?? null}
          onDone={(text) => {
            saidStore.set(text)
            if (mode !== 'new') goTo('book')
          }}
        />
      ) : (
        <div className="bone" aria-busy="true" />
      )}
      <p ref={saidHere} role="status" className="phone-said">
        {said}
      </p>
      {mode === 'new' && <Riding />}
      {mode === 'new' && own.data && <MyRequests rows={rows} />}
    </div>
  )
}
