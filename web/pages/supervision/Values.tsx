// The values of a rule, each under its name.
import { wordOf } from '../../../services/domain/words.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { nameOf } from './say.ts'
import { useText } from './texts.ts'

export function Values({ values }: { values: Record<string, unknown> }) {
  const { t, locale } = useText()
  const say = (value: unknown): string => {
    if (value === null) return t('ruleSet.none')
    if (typeof value === 'boolean') return t(value ? 'ruleSet.yes' : 'ruleSet.no')
    if (Array.isArray(value))
      return value.map((each) => wordOf('sensitiveKind', String(each), locale) ?? String(each)).join(t('search.comma'))
    if (typeof value === 'object')
      return Object.entries(value)
        .map(([name, each]) => `${nameOf(name, t)} ${each}`)
        .join(t('kit.clause'))
    return String(value)
  }
  return (
    <Facts>
      {Object.entries(values).map(([name, value]) => (
        <Fact key={name} name={nameOf(name, t)}>
          <span className="figure">{say(value)}</span>
        </Fact>
      ))}
    </Facts>
  )
}
