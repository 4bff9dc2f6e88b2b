// One organisation: where it stands, what it shares, its past, and what can be done to it. Every act says first what it will do.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { LedgerOrganisation } from '../../../services/contracts/api/ledger.ts'
import { refusalSentence } from '../../../services/contracts/refusals.ts'
import { adcodeNamed, leagueAdcodeOf, leagues } from '../../../services/domain/region/region.ts'
import { organisationKinds } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { HistoryPart } from '../../parts/history/HistoryPart.tsx'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { sharedQuery } from './SharedDialog.tsx'
import { useText } from './texts.ts'

type Asked = 'create' | 'change' | 'move' | 'merge' | 'close'
type Props = {
  organisation: LedgerOrganisation
  all: readonly LedgerOrganisation[]
  mayManage: boolean
  onOpen: (id: number | null) => void
  onClose: () => void
}

export function OrganisationPanel({ organisation, all, mayManage, onOpen, onClose }: Props) {
  const { t } = useText()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const { data: history } = useQuery({
    queryKey: ['organisationHistory', organisation.organisationId, organisation.version],
    queryFn: ({ signal }) => call('getOrganisationHistory', { params: { organisationId: organisation.organisationId }, signal }),
  })
  const { data: shared } = useQuery(sharedQuery)
  const nameOf = (id: number | null) => all.find(({ organisationId }) => organisationId === id)?.name
  const refresh = () =>
    Promise.all([['ledgerOrganisations'], ['organisations'], ['shared']].map((queryKey) => client.invalidateQueries({ queryKey })))
  const below = organisation.kind !== 'unit' || all.some(({ parentId }) => parentId === organisation.organisationId)
  const acts: Asked[] =
    organisation.parentId === null
      ? ['create', 'change']
      : ['change', 'create', 'move', ...(organisation.kind === 'unit' ? (['merge'] as const) : []), 'close']
  return (
    <Panel
      id={organisation.organisationId}
      title={organisation.name}
      kind={t(`organisationKind.${organisation.kind}`)}
      onClose={onClose}
      actions={
        mayManage &&
        organisation.closedAt === null &&
        acts.map((act, index) => (
          <Button key={act} type={index === 0 ? 'primary' : 'default'} danger={act === 'close'} onClick={() => setAsked(act)}>
            {t(`organisation.${act}`)}
          </Button>
        ))
      }
    >
      <section className="panel-part">
        <Facts>
          <Fact name={t('field.parentId')}>{nameOf(organisation.parentId) ?? MISSING}</Fact>
          <Fact name={t('field.adcode')}>{organisation.adcode}</Fact>
          <Fact name={t('field.costCentre')}>{organisation.costCentre ?? MISSING}</Fact>
          <Fact name={t('field.compoundId')}>
            {shared?.compounds.find(({ compoundId }) => compoundId === organisation.compoundId)?.name ?? MISSING}
          </Fact>
          <Fact name={t('field.poolId')}>{shared?.pools.find(({ poolId }) => poolId === organisation.poolId)?.name ?? MISSING}</Fact>
          {organisation.closedAt && (
            <Fact name={t('field.closedAt')}>
              {formatInstant(Date.parse(organisation.closedAt)).slice(0, 10)}
              {organisation.mergedIntoId !== null &&
                ` · ${t('organisation.mergedInto', { name: nameOf(organisation.mergedIntoId) ?? '' })}`}
            </Fact>
          )}
        </Facts>
        {below && (
          <p className="quiet">
            {t('organisation.below', { n: all.filter((each) => each.parentId === organisation.organisationId).length })}
          </p>
        )}
      </section>
      <HistoryPart of="organisation" rows={history?.rows} />
      {asked === 'create' && <CreateDialog parent={organisation} onDone={refresh} onOpen={onOpen} onClose={() => setAsked(null)} />}
      {asked === 'change' && <ChangeDialog organisation={organisation} onDone={refresh} onClose={() => setAsked(null)} />}
      {(asked === 'move' || asked === 'merge' || asked === 'close') && (
        <ActDialog key={asked} act={asked} organisation={organisation} onDone={refresh} onOpen={onOpen} onClose={() => setAsked(null)} />
      )}
    </Panel>
  )
}

type DialogProps = { organisation: LedgerOrganisation; onDone: () => Promise<unknown>; onClose: () => void }

function CreateDialog({
  parent,
  onDone,
  onOpen,
  onClose,
}: { parent: LedgerOrganisation; onOpen: Props['onOpen'] } & Omit<DialogProps, 'organisation'>) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<LedgerOrganisation['kind']>('unit')
  const [chosen, setChosen] = useState<string>()
  const areas = kind === 'unit' ? [] : areasFor(kind, parent.adcode)
  const adcode = kind === 'unit' ? undefined : (chosen ?? adcodeNamed(name.trim(), kind, parent.adcode))
  const next = organisationKinds[organisationKinds.indexOf(parent.kind) + 1]
  const kinds = [...new Set(['unit' as const, ...(next && next !== 'unit' ? [next] : [])])]
  return (
    <ReasonDialog
      title={t('organisation.create')}
      ready={name.trim().length >= 2 && (kind === 'unit' || adcode !== undefined)}
      onClose={onClose}
      onSubmit={async (reason) => {
        const body = { parentId: parent.organisationId, kind, name: name.trim(), ...(adcode ? { adcode } : {}), reason }
        const made = await call('createOrganisation', { body })
        await onDone()
        onOpen(made.organisationId)
      }}
    >
      <Field name="name" label={t('field.name')} whole>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field name="kind" label={t('field.kind')}>
        <Select value={kind} options={kinds.map((value) => ({ value, label: t(`organisationKind.${value}`) }))} onChange={setKind} />
      </Field>
      {kind !== 'unit' && (
        <Field name="adcode" label={t('organisation.adcode')}>
          <Select
            value={adcode ?? null}
            showSearch={{ optionFilterProp: 'label' }}
            options={areas.map((area) => ({ value: area.adcode, label: `${area.name} ${area.adcode}` }))}
            onChange={setChosen}
          />
        </Field>
      )}
    </ReasonDialog>
  )
}

/** Of what it may be the administration: its official name says so by itself; another name, such as a development zone's, is told. */
const areasFor = (kind: 'league' | 'banner' | 'region', below: string) =>
  kind === 'league'
    ? leagues
    : leagues.filter(({ adcode }) => adcode === leagueAdcodeOf(below)).flatMap((league) => [...league.counties, league])

function ChangeDialog({ organisation, onDone, onClose }: DialogProps) {
  const { t } = useText()
  const { data: shared } = useQuery(sharedQuery)
  const [name, setName] = useState(organisation.name)
  const [costCentre, setCostCentre] = useState(organisation.costCentre ?? '')
  const [compoundId, setCompoundId] = useState(organisation.compoundId)
  const [poolId, setPoolId] = useState(organisation.poolId)
  const { kind } = organisation
  const [adcode, setAdcode] = useState(organisation.adcode)
  // By the parent's: its own may be what is to be put right.
  const above = useOrganisations()?.byId.get(organisation.parentId ?? 0)
  const areas = kind === 'unit' || kind === 'region' ? [] : areasFor(kind, above?.adcode ?? organisation.adcode)
  return (
    <ReasonDialog
      title={t('organisation.change')}
      ready={name.trim().length >= 2}
      onClose={onClose}
      onSubmit={(reason) =>
        call('changeOrganisation', {
          params: { organisationId: organisation.organisationId },
          body: {
            version: organisation.version,
            name: name.trim(),
            ...(adcode === organisation.adcode ? {} : { adcode }),
            costCentre: costCentre.trim() || null,
            compoundId,
            poolId,
            reason,
          },
        }).then(onDone)
      }
    >
      <Field name="name" label={t('field.name')} whole>
        <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </Field>
      {areas.length > 0 && (
        <Field name="adcode" label={t('organisation.adcode')} whole>
          <Select
            value={adcode}
            showSearch={{ optionFilterProp: 'label' }}
            options={areas.map((area) => ({ value: area.adcode, label: `${area.name} ${area.adcode}` }))}
            onChange={setAdcode}
          />
          {adcode !== organisation.adcode && <span className="quiet">{t('organisation.adcodeText')}</span>}
        </Field>
      )}
      <Field name="costCentre" label={t('field.costCentre')} whole>
        <Input value={costCentre} maxLength={40} onChange={(event) => setCostCentre(event.target.value)} />
      </Field>
      <Field name="compoundId" label={t('field.compoundId')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={compoundId ?? undefined}
          options={shared?.compounds.map((each) => ({ value: each.compoundId, label: each.name }))}
          onChange={(value: number | undefined) => setCompoundId(value ?? null)}
        />
      </Field>
      <Field name="poolId" label={t('field.poolId')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={poolId ?? undefined}
          options={shared?.pools.map((each) => ({ value: each.poolId, label: each.name }))}
          onChange={(value: number | undefined) => setPoolId(value ?? null)}
        />
      </Field>
    </ReasonDialog>
  )
}

/** Moving, merging and closing: what it reaches and why it would be refused are shown before it is done. */
function ActDialog({
  act,
  organisation,
  onDone,
  onOpen,
  onClose,
}: DialogProps & { act: 'move' | 'merge' | 'close'; onOpen: Props['onOpen'] }) {
  const { t, locale } = useText()
  const [targetId, setTargetId] = useState<number | undefined>()
  const params = { organisationId: organisation.organisationId }
  const { data: impact } = useQuery({
    queryKey: ['impact', organisation.organisationId, act, targetId],
    staleTime: 0,
    queryFn: ({ signal }) => call('previewOrganisation', { params, query: { action: act, targetId }, signal }),
  })
  const refusals = act === 'close' || targetId !== undefined ? (impact?.refusals ?? []) : []
  const submit = (reason: string) => {
    const body = { version: organisation.version, reason }
    if (act === 'move') return call('moveOrganisation', { params, body: { ...body, parentId: targetId! } })
    if (act === 'merge') return call('mergeOrganisation', { params, body: { ...body, intoId: targetId! } })
    return call('closeOrganisation', { params, body })
  }
  return (
    <ReasonDialog
      title={t(`organisation.${act}`)}
      text={t(`organisation.${act}Text`)}
      danger={act !== 'move'}
      ready={(act === 'close' || targetId !== undefined) && impact !== undefined && refusals.length === 0}
      onClose={onClose}
      onSubmit={async (reason) => {
        await submit(reason)
        // What was merged or closed is no longer in the tree: what took it up is shown, or nothing.
        if (act !== 'move') onOpen(targetId ?? null)
        await onDone()
      }}
    >
      {act !== 'close' && (
        <Field name={act === 'move' ? 'parentId' : 'intoId'} label={t('organisation.target')} whole>
          <UnitChoice label={t('organisation.target')} value={targetId} onChange={setTargetId} required />
        </Field>
      )}
      <div className="form-whole" role="status">
        {impact && (
          <p>
            {t('organisation.impact', {
              vehicles: impact.vehicles,
              drivers: impact.drivers,
              accounts: impact.accounts,
              seats: impact.quotaSeats,
              organisations: impact.organisations,
            })}
          </p>
        )}
        {refusals.map(({ reason, message, values }) => (
          <p key={reason} className="error-text">
            {refusalSentence(reason, values, locale) ?? message}
          </p>
        ))}
      </div>
    </ReasonDialog>
  )
}
