// What a declared list is asked, from its address, and what came of it.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import type { CallInput } from '../api/client.ts'
import { call } from '../api/session.ts'
import type { UrlText } from '../urlText.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import type { Filter, FilterOf, ListDeclaration, ListEndpoint, RowOf, Said } from './declareList.ts'

export const PAGE_ROWS = 50

type Entries = Record<string, string | undefined>

/** A field as it is shown, and what the address holds of it. */
type Field<K extends string> = { name: string; text: string | undefined; show: NonNullable<Filter<unknown, K>['show']> }

type ListAddress<N extends ListEndpoint, K extends string, Id extends number | string> = Said<K> & {
  list: ListDeclaration<N, K, Id>
  url: UrlText
  change: ReturnType<typeof useUrl>['change']
  /** Another filter begins at page one. */
  set: (entries: Entries) => void
  /** Takes search and filters away. */
  clear: () => void
  q: string
  page: number
  fields: Field<K>[]
  /** As the endpoint is asked, search included. */
  filter: Partial<FilterOf<N>>
  /** Something is searched or filtered. */
  narrowed: boolean
  /** The row that is open beside the list. */
  opened: Id | null
  open: (id: Id | null) => void
}

/** A list as `List` shows it. */
export type ListState<N extends ListEndpoint, K extends string, Id extends number | string> = ListAddress<N, K, Id> & {
  /** undefined while the first are on their way. */
  rows: readonly RowOf<N>[] | undefined
  /** The last that came, with what it says besides rows. */
  answer: AnswerOf<N> | undefined
  /** How many rows there are in all; undefined while unknown. */
  total: number | undefined
  busy: boolean
  error: unknown
  retry: () => void
  /** Of a list that goes on and on: fetches what comes next; null where it ends. */
  next: (() => void) | null
}

function useListAddress<N extends ListEndpoint, K extends string, Id extends number | string>(
  list: ListDeclaration<N, K, Id>,
): ListAddress<N, K, Id> {
  const { t, locale } = list.useText()
  const { url, change } = useUrl()
  const q = url.q ?? ''
  const set = (entries: Entries) => change((old) => withEntries(old, { page: undefined, ...entries }))
  const read = Object.entries((list.filters ?? {}) as Record<string, Filter<unknown, K>>).map(([key, filter]) => {
    const name = filter.url ?? key
    const value = filter.read(url[name])
    return { key, name, value, text: url[name], show: filter.show }
  })
  const asked = Object.fromEntries(read.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])))
  const sought = list.texts.search === undefined || list.whole ? '' : q.trim()
  return {
    list,
    t,
    locale,
    url,
    change,
    set,
    clear: () => set(Object.fromEntries(['q', ...read.map(({ name }) => name)].map((name) => [name, undefined]))),
    q,
    page: /^[1-9]\d{0,4}$/.test(url.page ?? '') ? Number(url.page) : 1,
    fields: read.flatMap(({ name, text, show }) => (show ? [{ name, text, show }] : [])),
    filter: (sought ? { q: sought, ...asked } : asked) as Partial<FilterOf<N>>,
    narrowed: q !== '' || read.some(({ text, value }) => text !== undefined && value !== undefined),
    opened: list.address?.read(url) ?? null,
    open: (id) => change((old) => withEntries(old, list.address?.write(id) ?? {})),
  }
}

const ask = <N extends ListEndpoint>(endpoint: N, query: object, signal: AbortSignal): Promise<AnswerOf<N>> =>
  call(endpoint, { query, signal } as unknown as CallInput<N>)
const rowsOf = <N extends ListEndpoint>(answer: AnswerOf<N>) => (answer as { rows: RowOf<N>[] }).rows

/** A list that comes a page at a time, or whole. */
export function useList<N extends ListEndpoint, K extends string, Id extends number | string>(
  list: ListDeclaration<N, K, Id>,
): ListState<N, K, Id> {
  const address = useListAddress(list)
  const { filter, page } = address
  const part = list.whole ? {} : { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS }
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [list.key, filter, part],
    placeholderData: list.whole ? undefined : (keepPreviousData as never),
    refetchInterval: list.everyMs,
    queryFn: ({ signal }) => ask(list.endpoint, { ...filter, ...part }, signal),
  })
  const rows = data && rowsOf<N>(data)
  return {
    ...address,
    rows,
    answer: data,
    total: list.whole ? rows?.length : (data as { total: number } | undefined)?.total,
    busy: list.whole ? !data : isFetching,
    error,
    retry: () => void refetch(),
    next: null,
  }
}

type EndlessEndpoint = { [N in ListEndpoint]: AnswerOf<N> extends { next: string | null } ? N : never }[ListEndpoint]

/** A list that nobody counts: what comes next is fetched when it is asked for. */
export function useEndlessList<N extends EndlessEndpoint, K extends string, Id extends number | string>(
  list: ListDeclaration<N, K, Id>,
): ListState<N, K, Id> {
  const address = useListAddress(list)
  const { filter } = address
  const { data, error, isFetching, fetchNextPage, hasNextPage, refetch } = useInfiniteQuery({
    queryKey: [list.key, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => ask(list.endpoint, { ...filter, cursor: pageParam }, signal),
    getNextPageParam: (answer: AnswerOf<N>) => (answer as { next: string | null }).next ?? undefined,
  })
  return {
    ...address,
    rows: data?.pages.flatMap((answer) => rowsOf<N>(answer)),
    answer: data?.pages.at(-1),
    total: undefined,
    busy: isFetching,
    error,
    retry: () => void refetch(),
    next: data && hasNextPage ? () => void fetchNextPage() : null,
  }
}
