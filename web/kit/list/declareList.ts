// A list page said once: which endpoint, what is asked of it, how a row looks, what the page says, and as what it is exported.
// `useList` reads the declaration and the address, `List` shows what came.
import type { AnswerOf, EndpointName, ParamsOf, QueryOf } from '../../../services/contracts/api.ts'
import type { ExportListName } from '../../../services/contracts/exchange.ts'
import type { Locale } from '../format/time.ts'
import type { Say } from '../i18n/i18n.ts'
import type { UrlText } from '../urlText.ts'

/** Endpoints that answer with rows and are about no one thing. */
export type ListEndpoint = {
  [N in EndpointName]: ParamsOf<N> extends undefined ? (AnswerOf<N> extends { rows: readonly unknown[] } ? N : never) : never
}[EndpointName]
export type RowOf<N extends ListEndpoint> = AnswerOf<N> extends { rows: readonly (infer R)[] } ? R : never
/** What an endpoint can be asked by, but for which of its rows. */
export type FilterOf<N extends ListEndpoint> = Omit<NonNullable<QueryOf<N>>, 'limit' | 'offset' | 'cursor'>

/** What is known where a text is said. */
export type Said<K extends string> = { t: Say<K>; locale: Locale }

export type Column<R, K extends string> = {
  title: K
  cell: (row: R, said: Said<K>) => React.ReactNode
  className?: string
  /** What is opened beside the list says it too: where the screen is no wider than usual, the column gives way to it. */
  yields?: true
  /** What its button holds opens the row; without one that says so the first column's does. */
  opens?: true
  /** Stands beside the button of the column that opens the row, and is no part of it. */
  beside?: (row: R) => React.ReactNode
}

/** A field over the list. What it holds stands in the address. */
export type Filter<V, K extends string> = {
  /** Its name in the address; without one the name that the endpoint knows it by. */
  url?: string
  /** What the endpoint is asked; undefined: nothing. What is not understood is dropped. */
  read: (text: string | undefined) => V | undefined
  /** `text` is what the address holds of it, `url` the whole. */
  show?: (field: FilterField<K>) => React.ReactNode
}
export type FilterField<K extends string> = Said<K> & { text: string | undefined; url: UrlText; set: (text: string | undefined) => void }

type Entries = Record<string, string | undefined>
/** How the row that is open stands in the address. */
type RowAddress<Id> = { read: (url: UrlText) => Id | null; write: (id: Id | null) => Entries }

export type ListDeclaration<N extends ListEndpoint, K extends string, Id extends number | string> = {
  endpoint: N
  /** The first of the key under which answers are kept: a change invalidates them by it. */
  key: string
  /** The texts of the page's room. */
  useText: () => Said<K>
  texts: {
    title: NoInfer<K>
    /** Of the field of search; without it there is none. */
    search?: NoInfer<K>
    /** How many there are, as `{{n}}`. */
    total?: NoInfer<K>
    emptyTitle: NoInfer<K>
    /** What would fill the list. */
    emptyText: NoInfer<K>
    /** The same while something is searched or filtered. */
    noMatchTitle?: NoInfer<K>
    noMatchText?: NoInfer<K>
  }
  columns: readonly Column<RowOf<N>, NoInfer<K>>[]
  idOf: (row: RowOf<N>) => Id
  /** Without one nothing of the list is opened beside it. */
  address?: RowAddress<Id>
  /** By the name that the endpoint knows each by, in the order in which they are shown. */
  filters?: { [P in keyof FilterOf<N> as P extends 'q' ? never : P]?: Filter<FilterOf<N>[P], NoInfer<K>> }
  /** As what it is exported, as it is filtered. Roles that may not export see no button. */
  exported?: Exclude<ExportListName, 'all'>
  /** One answer holds all rows; searching and paging them is the page's own. */
  whole?: true
  /** Asked again so often. */
  everyMs?: number
}

/** Gives a declaration its types: a column, filter or text that the endpoint or the room does not have is not one. */
export const declareList = <N extends ListEndpoint, K extends string, Id extends number | string>(
  list: ListDeclaration<N, K, Id>,
): ListDeclaration<N, K, Id> => list

/** A number of the database in an address; undefined when it is none. */
export const readNumber = (text: string | undefined): number | undefined => (/^[1-9]\d{0,9}$/.test(text ?? '') ? Number(text) : undefined)

/** A row that stands in the address by its number; what belongs to the row that was open is `forgotten` with it. */
export const numberIn = (name: string, ...forgotten: string[]): RowAddress<number> => ({
  read: (url) => readNumber(url[name]) ?? null,
  write: (id) => ({ ...Object.fromEntries(forgotten.map((each) => [each, undefined])), [name]: id === null ? undefined : String(id) }),
})

/** Where most lists have it. */
export const idInAddress = numberIn('id', 'tab')
