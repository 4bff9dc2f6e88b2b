// What the rail of the desk and the bar of the phone show alike: a group, a page, and how much waits there.
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Account } from '../../services/contracts/api.ts'
import { call, may } from '../kit/api/session.ts'
import { type Group, type RailGroup, type RailPage, railOf } from './pages.ts'
import { railIcons } from './railIcons.ts'
import { useText } from './texts.ts'

const EVERY_MS = 30_000

/** How many requests or orders wait, by the address of the page where they do; null: not to be said here. */
type Waiting = ReadonlyMap<string, number> | null

/** How much waits for this account on each page. Asked again now and then, and whenever requests are. */
export function useWaiting(account: Account): ReadonlyMap<string, number> {
  const pages = railOf(account).flatMap((group) => group.pages)
  const counted = pages.filter((page) => page.waiting && may(account, page.waiting.of))
  const answers = useQueries({
    queries: counted.map(({ waiting }) => ({
      queryKey: [waiting!.which === 'costs' ? 'orders' : 'requests', 'waiting', waiting!.which],
      refetchInterval: EVERY_MS,
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<{ total: number }> => {
        const { which } = waiting!
        return which === 'costs'
          ? call('listOrders', { query: { waiting: which, limit: 1 }, signal })
          : call('listRequests', { query: { waiting: which, limit: 1 }, signal })
      },
    })),
  })
  return new Map(counted.map(({ path }, n) => [path, answers[n]?.data?.total ?? 0]))
}

/** The group in which the page at `pathname` is; undefined where it is in none. */
export const groupAt = (shown: readonly RailGroup[], pathname: string): Group | undefined =>
  shown.find(({ pages }) => pages.some(({ path }) => path === pathname))?.group

function Count({ n }: { n: number }) {
  const { t } = useText()
  if (n === 0) return null
  return (
    <span className="rail-count" title={t('rail.waiting', { n })}>
      <span aria-hidden>{n > 99 ? '99+' : n}</span>
      <span className="visually-hidden">{t('rail.waiting', { n })}</span>
    </span>
  )
}

/** A page as a link, with the sign of its group where it stands alone. */
export function PageLink({ page, icon = false, waiting }: { page: RailPage; icon?: boolean; waiting: Waiting }) {
  const { t } = useText()
  const { path, name, group } = page
  const Icon = railIcons[group]
  const className = icon ? 'rail-page rail-top' : 'rail-page'
  return (
    <Link to={path} className={className} activeProps={{ className: `${className} rail-here`, 'aria-current': 'page' }}>
      {icon && <Icon />}
      <span className="rail-name">{t(name)}</span>
      <Count n={waiting?.get(path) ?? 0} />
    </Link>
  )
}

/** A group as a button, which opens its pages. */
export function GroupButton({
  group,
  pages,
  open,
  here,
  waiting,
  onClick,
}: {
  group: Group
  pages: readonly RailPage[]
  open: boolean
  /** The page that is shown is in it, and is not to be seen in the rail itself. */
  here: boolean
  waiting: Waiting
  onClick: () => void
}) {
  const { t } = useText()
  const Icon = railIcons[group]
  return (
    <button
      type="button"
      className={here ? 'rail-top rail-group rail-here' : 'rail-top rail-group'}
      aria-expanded={open}
      aria-controls={`rail-${group}`}
      onClick={onClick}
    >
      <Icon />
      <span className="rail-name">{t(`group.${group}`)}</span>
      <Count n={pages.reduce((sum, { path }) => sum + (waiting?.get(path) ?? 0), 0)} />
    </button>
  )
}
