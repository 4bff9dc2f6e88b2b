// Registering one terminal or thousands: typed, pasted or a range; every line is checked before anything is sent, and all or none are registered.
import { Input, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { MAX_TERMINALS_AT_ONCE } from '../../../services/contracts/api/terminals.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { ApiError } from '../../kit/api/client.ts'
import { issueText } from '../../kit/api/errorText.ts'
import { call, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import type { Locale } from '../../kit/format/time.ts'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { terminalsChanged } from '../../parts/terminal/queries.ts'
import { cardsOf, type Issued } from './issued.ts'
import { type Line, readLines, readRange } from './lines.ts'
import { type LineSaid, RegisterCheck } from './RegisterCheck.tsx'
import { useText } from './texts.ts'
import { MAX_PLATES, usePlates } from './usePlates.ts'

type Props = {
  /** The number that knocked. */
  prefilled?: string
  onIssued: (issued: Issued) => void
  onClose: () => void
}

export function RegisterDialog({ prefilled = '', onIssued, onClose }: Props) {
  const { t, locale } = useText()
  const account = useAccount()
  const tree = useOrganisations()
  const [unit, setUnit] = useState<number | undefined>(account.organisation.organisationId)
  const [model, setModel] = useState('')
  const [how, setHow] = useState<'paste' | 'range'>('paste')
  const [text, setText] = useState(prefilled)
  const [first, setFirst] = useState('')
  const [last, setLast] = useState('')
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map())

  const read = useMemo(() => readLines(text), [text])
  const range = useMemo(() => (first.trim() && last.trim() ? readRange(first, last, MAX_TERMINALS_AT_ONCE) : []), [first, last])
  const inRange: Line[] = Array.isArray(range)
    ? range.map((terminalId, index) => ({ no: index + 1, terminalId, plate: null, note: null, problem: null }))
    : []
  const lines = how === 'paste' ? read.lines : inRange
  const withPlate = lines.flatMap(({ plate, problem }) => (plate !== null && problem === null ? [plate] : []))
  const { vehicles, checking, error: lookUpError } = usePlates(withPlate)

  const said = (line: Line): LineSaid => {
    if (line.problem) return { line, wrong: t(`lineProblem.${line.problem}`) }
    const known = line.plate === null ? null : vehicles.get(line.plate)
    if (known === null && line.plate !== null) return { line, wrong: t('lineProblem.noVehicle', { plate: plateAsPrinted(line.plate) }) }
    return { line, wrong: refused.get(keyOf(line)) }
  }
  const judged = lines.map(said)
  const wrong = judged.filter((each) => each.wrong !== undefined)
  const whole =
    how === 'range' && !Array.isArray(range)
      ? t(`register.range.${range}`, { most: formatCount(MAX_TERMINALS_AT_ONCE) })
      : lines.length > MAX_TERMINALS_AT_ONCE
        ? t('register.many', { most: formatCount(MAX_TERMINALS_AT_ONCE), n: formatCount(lines.length) })
        : withPlate.length > MAX_PLATES
          ? t('register.manyPlates', { most: formatCount(MAX_PLATES), n: formatCount(withPlate.length) })
          : undefined
  const ready = lines.length > 0 && wrong.length === 0 && whole === undefined && !checking && !lookUpError && unit !== undefined

  async function register(reason: string) {
    const terminals = lines.map(({ terminalId, plate, note }) => ({
      terminalId,
      vehicleId: plate === null ? null : vehicles.get(plate)!.vehicleId,
      note,
    }))
    const body = { reason, organisationId: unit!, model: model.trim() || null, terminals }
    const answer = await call('registerTerminals', { body }).catch((failure: unknown) => {
      setRefused(refusalsOf(failure, lines, locale))
      throw failure
    })
    const plateOf = new Map(lines.map(({ terminalId, plate }) => [terminalId, plate]))
    const about = (terminalId: string) => {
      const plate = plateOf.get(terminalId) ?? null
      // A terminal in a vehicle is its unit's.
      const home = plate === null ? undefined : vehicles.get(plate)?.userUnit
      return { plate, model: body.model, unit: home?.name ?? tree?.nameOf(unit!) ?? '' }
    }
    onIssued(cardsOf(answer, about))
    void terminalsChanged()
  }

  return (
    <ReasonDialog
      title={t('register.title')}
      submitText={t('register.submit', { n: formatCount(lines.length) })}
      text={t('register.text')}
      width={720}
      ready={ready}
      explain={(failure) => {
        const of = refusalsOf(failure, lines, locale).size
        return of > 0 ? t('register.refused', { n: formatCount(of) }) : null
      }}
      onSubmit={register}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('kit.unit')}>
        <UnitChoice label={t('kit.unit')} value={unit} onChange={setUnit} required />
      </Field>
      <Field name="model" label={t('terminal.model')}>
        <Input value={model} maxLength={60} placeholder={t('terminal.modelHint')} onChange={(event) => setModel(event.target.value)} />
      </Field>
      <Segmented
        className="form-whole register-how"
        aria-label={t('register.how')}
        value={how}
        onChange={setHow}
        options={(['paste', 'range'] as const).map((value) => ({ value, label: t(`register.${value}`) }))}
      />
      {how === 'paste' ? (
        <Field label={t('register.lines')} whole>
          <Input.TextArea
            className="register-paste"
            autoSize={{ minRows: 4, maxRows: 9 }}
            spellCheck={false}
            value={text}
            placeholder={t('register.linesHint')}
            onChange={(event) => {
              setRefused(new Map())
              setText(event.target.value)
            }}
          />
        </Field>
      ) : (
        <>
          <Field label={t('register.first')}>
            <Input value={first} maxLength={30} placeholder="XC240001" onChange={(event) => setFirst(event.target.value)} />
          </Field>
          <Field label={t('register.last')}>
            <Input value={last} maxLength={30} placeholder="XC240120" onChange={(event) => setLast(event.target.value)} />
          </Field>
        </>
      )}
      <RegisterCheck judged={judged} heading={how === 'paste' && read.heading} checking={checking} whole={whole} error={lookUpError} />
    </ReasonDialog>
  )
}

const keyOf = ({ no, terminalId }: Line) => `${no} ${terminalId}`

/** What the server said about single lines, as it names them: `body.terminals.17.terminalId`. */
function refusalsOf(failure: unknown, lines: readonly Line[], locale: Locale): Map<string, string> {
  const found = new Map<string, string>()
  if (!(failure instanceof ApiError)) return found
  for (const issue of failure.issues) {
    const index = /(?:^|\.)terminals\.(\d+)\b/.exec(issue.path)
    const line = index && lines[Number(index[1])]
    if (line) found.set(keyOf(line), issueText(issue, locale) ?? issue.message)
  }
  return found
}
