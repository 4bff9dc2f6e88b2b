// The rail of the desk: pages by the work they are for. The group that one is in stands open; what else was opened or closed is kept in this browser.
import { Link, useLocation } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { Logo } from '../kit/Logo.tsx'
import { type Group, groups, railOf } from './pages.ts'
import { GroupButton, groupAt, PageLink, useWaiting } from './railParts.tsx'
import { useText } from './texts.ts'

const KEY = 'morin.rail'
/** Groups that stand open or closed whatever page one is on. */
type Kept = Partial<Record<Group, boolean>>

export function Rail() {
  const { t } = useText()
  const account = useAccount()
  const { pathname } = useLocation()
  const waiting = useWaiting(account)
  const [kept, setKept] = useState(readKept)
  const rail = useRef<HTMLElement>(null)
  const shown = railOf(account)
  const here = groupAt(shown, pathname)
  const isOpen = (group: Group) => kept[group] ?? group === here

  // The rail may be longer than the window is high.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is what changes which link is the current one
  useEffect(() => {
    void rail.current?.querySelector('.rail-here')?.scrollIntoView({ block: 'nearest' })
  }, [pathname])

  const turn = (group: Group) => {
    const open = !isOpen(group)
    // As it would be by itself nothing is kept.
    const { [group]: _was, ...others } = kept
    const next = open === (group === here) ? others : { ...others, [group]: open }
    localStorage.setItem(KEY, JSON.stringify(next))
    setKept(next)
  }

  return (
    <nav ref={rail} className="rail" aria-label={t('shell.pages')} onKeyDown={moveFocus}>
      <Link to="/" className="rail-logo" aria-label={t('product.name')}>
        <Logo />
      </Link>
      {shown.map(({ group, pages }) => {
        if (pages.length === 1) return <PageLink key={group} page={pages[0]!} icon waiting={waiting} />
        const open = isOpen(group)
        return (
          <div key={group} className="rail-set">
            <GroupButton
              group={group}
              pages={pages}
              open={open}
              here={group === here && !open}
              waiting={open ? null : waiting}
              onClick={() => turn(group)}
            />
            <div id={`rail-${group}`} className="rail-pages" hidden={!open}>
              {pages.map((page) => (
                <PageLink key={page.path} page={page} waiting={waiting} />
              ))}
            </div>
          </div>
        )
      })}
    </nav>
  )
}

function readKept(): Kept {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>
    return Object.fromEntries(groups.flatMap((group) => (typeof stored[group] === 'boolean' ? [[group, stored[group]]] : [])))
  } catch {
    return {} // nothing that was kept can be read: the groups are as they are at first
  }
}

/** Arrows move along what the rail shows, as Tab does. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const shown = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button')].filter((one) => one.closest('[hidden]') === null)
  const next = shown[shown.indexOf(document.activeElement as HTMLElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
