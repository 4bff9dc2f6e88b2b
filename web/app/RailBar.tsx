// The rail of a phone: a bar at the bottom with as many groups as a thumb tells apart; the others stand under the last of them. A group of several
// pages opens them above the bar.
import { MenuOutlined } from '@ant-design/icons'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useAccount } from '../kit/api/session.ts'
import { railOf } from './pages.ts'
import { GroupButton, groupAt, PageLink, useWaiting } from './railParts.tsx'
import { useText } from './texts.ts'

const MOST = 5
const MORE = 'more'

export function RailBar() {
  const { t } = useText()
  const account = useAccount()
  const { pathname } = useLocation()
  const waiting = useWaiting(account)
  const [opened, open] = useState<string | null>(null)
  const bar = useRef<HTMLElement>(null)
  const shown = railOf(account)
  const here = groupAt(shown, pathname)
  const inBar = shown.length > MOST ? shown.slice(0, MOST - 1) : shown
  const others = shown.slice(inBar.length)
  const sheet = opened === MORE ? others : shown.filter(({ group }) => group === opened)
  const turn = (which: string) => open(opened === which ? null : which)

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever comes to a page has chosen
  useEffect(() => open(null), [pathname])
  useEffect(() => {
    if (opened === null) return
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      bar.current?.querySelector<HTMLElement>('[aria-expanded=true]')?.focus()
      open(null)
    }
    const onPress = ({ target }: PointerEvent) => {
      if (!bar.current?.contains(target as Node)) open(null)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('pointerdown', onPress)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('pointerdown', onPress)
    }
  }, [opened])

  return (
    <nav ref={bar} className="rail" aria-label={t('shell.pages')}>
      {inBar.map(({ group, pages }) =>
        pages.length === 1 ? (
          <PageLink key={group} page={pages[0]!} icon waiting={waiting} />
        ) : (
          <GroupButton
            key={group}
            group={group}
            pages={pages}
            open={opened === group}
            here={group === here}
            waiting={waiting}
            onClick={() => turn(group)}
          />
        ),
      )}
      {others.length > 0 && (
        <button
          type="button"
          className={others.some(({ group }) => group === here) ? 'rail-top rail-group rail-here' : 'rail-top rail-group'}
          aria-expanded={opened === MORE}
          aria-controls={`rail-${MORE}`}
          onClick={() => turn(MORE)}
        >
          <MenuOutlined />
          <span className="rail-name">{t('rail.more')}</span>
        </button>
      )}
      {opened !== null && (
        <div id={`rail-${opened}`} className="rail-sheet">
          {sheet.map(({ group, pages }) => (
            <div key={group} className="rail-pages">
              <p>{t(`group.${group}`)}</p>
              {pages.map((page) => (
                <PageLink key={page.path} page={page} waiting={waiting} />
              ))}
            </div>
          ))}
        </div>
      )}
    </nav>
  )
}
