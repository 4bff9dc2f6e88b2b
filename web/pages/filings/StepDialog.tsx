// A step of a filing: filled with a word for each warning, given back with a reason, or taken at once.
import { Checkbox, Input } from 'antd'
import { useState } from 'react'
import type { Filing } from '../../../services/contracts/api/filing.ts'
import { sayCheck } from '../../../services/domain/filing/checks.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { useText } from './texts.ts'

type Props = { filing: Filing; action: Filing['mayAct'][number]; onDone: () => void; onClose: () => void }

export function StepDialog({ filing: { filingId, version, checks, told }, action, onDone, onClose }: Props) {
  const { t, locale } = useText()
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(checks.map(({ key, explanation }) => [key, explanation ?? ''])),
  )
  const [preliminary, setPreliminary] = useState(false)
  const take = async (reason: string, data: object = {}) => {
    await call('actOnFiling', { params: { filingId }, body: { action, version, reason, data } })
    onDone()
    await queryClient.invalidateQueries({ queryKey: ['filings'] })
  }
  if (action === 'giveBack' || action === 'sendBack')
    return <ReasonDialog danger title={t(`filingAction.${action}`)} onSubmit={(reason) => take(reason)} onClose={onClose} />
  const warnings = action === 'fill' ? checks.filter(({ severity }) => severity === 'warning') : []
  return (
    <FormDialog
      title={t(`filingAction.${action}`)}
      submitText={t(`filingAction.${action}`)}
      ready={warnings.every(({ key }) => (texts[key] ?? '').trim().length >= 2)}
      onSubmit={() =>
        take('', {
          ...(preliminary ? { preliminary } : {}),
          explanations: warnings.map(({ key }) => ({ key, text: texts[key]!.trim() })),
        })
      }
      onClose={onClose}
    >
      {action === 'fill' && <p className="quiet form-whole">{t('filings.fillHint')}</p>}
      {warnings.map((check) => (
        <Field key={check.key} label={sayCheck(check, locale)} whole>
          <Input
            maxLength={400}
            value={texts[check.key] ?? ''}
            placeholder={t('filings.explanation')}
            onChange={(event) => setTexts({ ...texts, [check.key]: event.target.value })}
          />
        </Field>
      ))}
      {action === 'fill' && told.preliminary && (
        <Checkbox checked={preliminary} onChange={(event) => setPreliminary(event.target.checked)}>
          {t('filings.markPreliminary')}
        </Checkbox>
      )}
    </FormDialog>
  )
}
