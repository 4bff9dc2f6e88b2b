// Who must agree to a request, one after the other, and why each is asked; without what a phone would have to fetch for it.
import type { ApprovalChain } from '../../../services/contracts/api/requests.ts'
import { useText } from './texts.ts'
import './chain.css'

/** @param at the step that waits, the first is 1; null where none does, and nothing is said of it where it is left out */
export function Chain({ chain, at }: { chain: ApprovalChain; at?: number | null }) {
  const { t } = useText()
  const comma = t('search.comma')
  const { steps, unknown, km, remindAfterH, escalateAfterH } = chain
  return (
    <section className="chain" aria-label={t('chain.title')}>
      <ol>
        {steps.map(({ level, because, who }, n) => {
          const grounds = because.filter((ground) => ground !== 'always')
          return (
            <li key={level} aria-current={at === n + 1 ? 'step' : undefined}>
              <strong>{t(`approvalLevel.${level}`)}</strong> {at === n + 1 && <span className="warn-text">{t('chain.waits')} </span>}
              {at && at > n + 1 ? <span className="quiet">{t('chain.done')} </span> : null}
              <span className="quiet">{who.length > 0 ? who.join(comma) : t('chain.nobody')}</span>
              {grounds.length > 0 && <p className="quiet">{grounds.map((ground) => t(`approvalGround.${ground}`)).join(comma)}</p>}
            </li>
          )
        })}
      </ol>
      <p className="quiet">
        {km !== null && `${t('chain.km', { km: Math.round(km) })}${t('kit.stop')}`}
        {t('chain.limits', { remind: remindAfterH, up: escalateAfterH })}
      </p>
      {unknown.length > 0 && (
        <p className="warn-text">{t('chain.unknown', { grounds: unknown.map((ground) => t(`approvalGround.${ground}`)).join(comma) })}</p>
      )}
    </section>
  )
}
