// One finding beside the list: what is suspected and by which values, where it was, what was said and decided, and what one may do now, by key as well.
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Finding } from '../../../services/contracts/api/supervision.ts'
import { isVerified } from '../../../services/domain/supervision/findings.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { wordOf } from '../../../services/domain/words.ts'
import { urlOf } from '../../kit/api/client.ts'
import { endpoints } from '../../kit/api/endpoints.ts'
import { call } from '../../kit/api/session.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import type { FollowScene } from '../../map/followMap.ts'
import { figureOf, noteOf } from '../../parts/supervision/figure.ts'
import { SceneMap } from '../../parts/trip/FollowMap.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { type Action, FindingStep } from './FindingStep.tsx'
import { oneIn, titleOf, whenOf } from './say.ts'
import { useText } from './texts.ts'
import { Values } from './Values.tsx'

/** The keys by which steps are taken while a finding is open. */
const keys: Record<Action, string> = {
  notify: 'N',
  explain: 'E',
  askAgain: 'A',
  verifyNormal: 'Y',
  verifyViolation: 'V',
  appeal: 'P',
  uphold: 'U',
  overturn: 'O',
  askReview: 'W',
  confirm: 'M',
  conclude: 'D',
  rectify: 'R',
  refer: 'F',
  close: 'C',
}
const urgent: readonly Action[] = ['verifyViolation', 'refer', 'uphold']
/** More marks than these hide each other. */
const MOST_MARKS = 24

export function FindingPanel({ findingId, onClose, onOpen }: { findingId: number; onClose: () => void; onOpen: (id: number) => void }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['supervision', 'one', findingId],
    queryFn: ({ signal }) => call('getSupervisionFinding', { params: { findingId }, signal }),
  })
  const finding = data?.findingId === findingId ? data : undefined
  const [asked, setAsked] = useState<Action | null>(null)
  useStepKeys(finding?.mayAct ?? [], setAsked)
  return (
    <Panel
      id={findingId}
      title={finding && titleOf(finding, t)}
      kind={finding && `${plateAsPrinted(finding.vehicle.plate)} · ${t(`supervisionState.${finding.state}`)}`}
      actions={finding?.mayAct.map((action, n) => (
        <Button key={action} type={n === 0 ? 'primary' : 'default'} danger={urgent.includes(action)} onClick={() => setAsked(action)}>
          {t('supervision.key', { action: t(`supervisionAction.${action}`), key: keys[action] })}
        </Button>
      ))}
      error={error}
      retry={() => void refetch()}
      loading={!finding}
      onClose={onClose}
    >
      {finding && <FindingBody finding={finding} onOpen={onOpen} />}
      {finding && asked && <FindingStep rows={[finding]} action={asked} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

function useStepKeys(mayAct: readonly Action[], onStep: (action: Action) => void): void {
  const latest = useRef({ mayAct, onStep })
  latest.current = { mayAct, onStep }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return
      if ((event.target as Element).closest('input, textarea, [role="combobox"]') || document.querySelector('[role="dialog"]')) return
      const action = latest.current.mayAct.find((each) => keys[each] === event.key.toUpperCase())
      if (!action) return
      event.preventDefault()
      latest.current.onStep(action)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function FindingBody({ finding, onOpen }: { finding: Finding; onOpen: (id: number) => void }) {
  const { t, locale } = useText()
  const { rule, order, orders, driver, organisation, params, beside, steps, note } = finding
  return (
    <>
      <section className="panel-part">
        <p>{t(`ruleSays.${rule}`)}</p>
        {!isVerified(finding.state) && finding.state !== 'CLOSED' && <p className="quiet">{t('supervision.unverified')}</p>}
        <Facts>
          <Fact name={t('supervision.when')}>
            <span className="figure">{whenOf(finding, t)}</span>
          </Fact>
          <Fact name={t('supervision.figure')}>
            <span className="figure">{figureOf(finding, locale)}</span>
            {note && <span className="quiet"> {noteOf(note, locale)}</span>}
          </Fact>
          {finding.rarity && (
            <Fact name={t('supervision.rarity')}>{t(`supervision.rarity.${finding.rarity.per}`, { n: oneIn(finding.rarity) })}</Fact>
          )}
          <Fact name={t('supervision.unit')}>{organisation.name}</Fact>
          {finding.dueAt && (
            <Fact name={t('supervision.due')}>
              <span className="figure">{minuteOf(finding.dueAt)}</span>
            </Fact>
          )}
          {driver && <Fact name={t('supervision.driver')}>{driver.name}</Fact>}
          <Fact name={t('supervision.order')}>
            {order ? (
              (orders.length > 0 ? orders : [order]).map((each) => (
                <a key={each.orderId} href={`/orders?id=${each.orderId}`}>
                  {each.number ?? t('supervision.order')}{' '}
                </a>
              ))
            ) : (
              <span className="quiet">{t('supervision.noOrder')}</span>
            )}
          </Fact>
        </Facts>
      </section>
      <Photos finding={finding} />
      <Evidence finding={finding} />
      <section className="panel-part">
        <h3>{t('supervision.params')}</h3>
        <p className="quiet">
          {params.effectiveFrom === null
            ? t('supervision.paramsOwn')
            : t('supervision.paramsSet', { organisation: params.organisation ?? '', day: params.effectiveFrom })}
        </p>
        <Values values={params.values} />
      </section>
      {beside.length > 0 && (
        <section className="panel-part">
          <h3>{t('supervision.beside')}</h3>
          <ul className="rows">
            {beside.map((other) => (
              <li key={other.findingId}>
                <Button type="link" onClick={() => onOpen(other.findingId)}>
                  {titleOf(other, t)}
                </Button>
                <span className="quiet">{t(`supervisionState.${other.state}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel-part">
        <h3>{t('supervision.steps')}</h3>
        <ul className="rows">
          {steps.map((step) => (
            <li key={`${step.at} ${step.action}`}>
              <span>
                {wordOf('supervisionAction', step.action, locale) ?? step.action} <span className="quiet">{step.by}</span>
                {(step.reason || step.why) && (
                  <>
                    <br />
                    {step.why ? t(`withdrawnWhy.${step.why}`) : step.reason}
                  </>
                )}
              </span>
              <span className="quiet figure">{minuteOf(step.at)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** Who looks at a photo is put on record: it is fetched when it is opened, and not before. */
function Photos({ finding: { findingId, photos } }: { finding: Finding }) {
  const { t } = useText()
  if (photos.length === 0) return null
  return (
    <section className="panel-part">
      <h3>{t('supervision.photos')}</h3>
      <ul className="rows">
        {photos.map(({ photoId, by, at }) => (
          <li key={photoId}>
            <a href={urlOf(endpoints.readSupervisionPhoto.path, { findingId, photoId })} target="_blank" rel="noreferrer">
              {t('supervision.photo', { n: photoId })}
            </a>
            <span className="quiet">
              {by} <span className="figure">{minuteOf(at)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Evidence({ finding: { points, vehicle } }: { finding: Finding }) {
  const { t } = useText()
  const scene = useMemo((): FollowScene => {
    const every = Math.max(1, Math.ceil(points.length / MOST_MARKS))
    const shown = points.filter((_, n) => n % every === 0 || n === points.length - 1)
    const kindOf = (n: number) => (n === 0 ? ('from' as const) : n === shown.length - 1 ? ('to' as const) : ('via' as const))
    return { vehicle: null, stops: shown.map(({ lon, lat, at }, n) => ({ lon, lat, kind: kindOf(n), text: minuteOf(at) })) }
  }, [points])
  const [first, last] = [points[0], points.at(-1)]
  return (
    <section className="panel-part">
      <h3>{t('supervision.evidence')}</h3>
      {first && last ? (
        <>
          <SceneMap scene={scene} label={`${t('supervision.map')} ${plateAsPrinted(vehicle.plate)}`} />
          <p className="quiet figure">
            {t('supervision.points', { n: points.length, from: minuteOf(first.at), until: minuteOf(last.at) })}
          </p>
        </>
      ) : (
        <p className="quiet">{t('supervision.noPoints')}</p>
      )}
    </section>
  )
}
