// What has been done with a request or an order: by whom, when, and why where it was said.

import type { ApprovalLevel } from '../../../services/domain/approvals.ts'
import { fieldWordOf } from '../../../services/domain/fieldWords.ts'
import { type TextKey, useText } from './texts.ts'
import { minuteOf } from './when.ts'
import './trip.css'

type Step = {
  action: string
  at: string
  by: string
  reason: string
  level?: ApprovalLevel | null
  onBehalfOf?: string | null
  changed?: readonly string[]
  odometer?: { beforeKm: number; afterKm: number } | undefined
  unknownYear?: string | undefined
}

export function Steps({ of, steps }: { of: 'request' | 'order'; steps: readonly Step[] }) {
  const { t, locale } = useText()
  return (
    <section className="panel-part" aria-label={t('trip.steps')}>
      <h3>{t('trip.steps')}</h3>
      <ol className="trip-steps">
        {steps.map((step) => (
          <li key={`${step.at} ${step.action}`}>
            <p>
              <strong>{t(`${of}Action.${step.action}` as TextKey)}</strong> <span className="quiet">{step.by}</span>
              {step.onBehalfOf && <span className="quiet"> {t('trip.onBehalfOf', { name: step.onBehalfOf })}</span>}
              {step.level && <span className="quiet"> · {t(`approvalLevel.${step.level}`)}</span>}
            </p>
            <p className="quiet figure">{minuteOf(step.at)}</p>
            {step.odometer && (
              <p className="figure">
                {step.odometer.beforeKm.toLocaleString('en-US')} → {step.odometer.afterKm.toLocaleString('en-US')} km
              </p>
            )}
            {step.unknownYear && <p className="warn-text">{t('trip.unknownYear', { year: step.unknownYear })}</p>}
            {step.reason && <p>{step.reason}</p>}
            {step.changed && step.changed.length > 0 && (
              <p>
                {t('trip.changed', { fields: step.changed.map((field) => fieldWordOf(field, locale) ?? field).join(t('search.comma')) })}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
