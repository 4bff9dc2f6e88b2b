// A change on the road in words: where it stands, what was planned and what is to be, who took which step. For the desk and the phone.
import type { RoadChange } from '../../../services/contracts/api/orders.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { formatClock } from '../../kit/format/time.ts'
import { useText } from './texts.ts'
import { instantInWords } from './when.ts'

export function ChangeText({ change }: { change: RoadChange }) {
  const { t, locale } = useText()
  const timeOf = (instant: string) => instantInWords(instant, locale)

  const { state, before, after, reason, by, at, approval, clash, madeVersion, steps } = change
  /** The day once, where it stays. */
  const stays = dayAt(Date.parse(after.endsAt)) === dayAt(Date.parse(before.endsAt))
  const way = ({ to, via }: RoadChange['after']) => [...via, to].map(({ name }) => name).join(' → ')
  const tone = state === 'MADE' ? 'good' : state === 'ASKED' || state === 'AGREED' ? 'warn' : 'quiet'
  return (
    <div className="trip-change">
      <p>
        <strong className={tone === 'warn' ? 'warn-text' : tone === 'quiet' ? 'quiet' : undefined}>{t(`changeState.${state}`)}</strong>
        {approval && (
          <span className="quiet">
            {' '}
            {t(`approvalLevel.${approval.level}`)}
            {approval.of > 1 && ` ${approval.at}/${approval.of}`}
          </span>
        )}
        {madeVersion !== null && <span className="quiet"> {t('change.version', { n: madeVersion })}</span>}
      </p>
      {after.endsAt !== before.endsAt && (
        <p>
          {t('trip.endsAt')}
          {t('kit.colon')}
          <s className="quiet figure">{timeOf(before.endsAt)}</s> →{' '}
          <strong className="figure">{stays ? formatClock(Date.parse(after.endsAt)) : timeOf(after.endsAt)}</strong>
        </p>
      )}
      {way(after) !== way(before) && (
        <p>
          {t('trip.to')}
          {t('kit.colon')}
          <s className="quiet">{way(before)}</s> → <strong>{way(after)}</strong>
        </p>
      )}
      <p className="quiet">
        {by} <span className="figure">{timeOf(at)}</span>
        {t('kit.colon')}
        {reason}
      </p>
      {clash && (
        <p className="warn-text">
          {t('change.clash', {
            of: t(`promised.${clash.of}`),
            held: clash.held ?? t('change.another'),
            from: timeOf(clash.from),
            latest: timeOf(clash.latest),
          })}
        </p>
      )}
      {steps
        .filter(({ action }) => action !== 'ask')
        .map((step) => (
          <p key={`${step.at} ${step.action}`} className="quiet">
            <span className="figure">{timeOf(step.at)}</span> {step.by}{' '}
            {step.onBehalfOf
              ? t('kit.aside', { what: t(`changeAction.${step.action as 'approve'}`), aside: step.onBehalfOf })
              : t(`changeAction.${step.action as 'approve'}`)}
            {step.reason && `${t('kit.colon')}${step.reason}`}
          </p>
        ))}
    </div>
  )
}
