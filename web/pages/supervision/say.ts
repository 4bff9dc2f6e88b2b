// How a finding is said: what is not verified is a suspicion, in every place that names it.
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { isVerified } from '../../../services/domain/supervision/findings.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { supervisionTexts, type useText } from './texts.ts'

export type RuleRow = AnswerOf<'listRules'>['rules'][number]

type Say = ReturnType<typeof useText>['t']

export const titleOf = ({ rule, state }: Pick<FindingRow, 'rule' | 'state'>, t: Say): string =>
  isVerified(state) ? t(`rule.${rule}`) : t('supervision.suspected', { rule: t(`rule.${rule}`) })

export const whenOf = ({ from, until }: Pick<FindingRow, 'from' | 'until'>, t: Say): string => {
  const first = minuteOf(from)
  if (until === null) return `${first} – ${t('supervision.goesOn')}`
  const last = minuteOf(until)
  return first === last ? first : `${first} – ${first.slice(0, -5) === last.slice(0, -5) ? last.slice(-5) : last}`
}

/** What a value of a rule is called; some of its names mean another thing elsewhere. */
export function nameOf(name: string, t: Say): string {
  const keys = [`field.rule.${name}`, `field.${name}`]
  const known = keys.find((key) => supervisionTexts.find(key))
  return known ? t(known as Parameters<Say>[0]) : name
}

/** Once in so many days of vehicles like it. */
export const oneIn = ({ beyond, of }: NonNullable<FindingRow['rarity']>): string => Math.round(of / beyond).toLocaleString('en')
