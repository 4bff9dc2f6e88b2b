// One case: why and for which period, its vehicles and what may be done with each, its members, its steps, and who looked at what.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { Case, CaseVehicle } from '../../../services/contracts/api/cases.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import type { CaseAction, CaseVehicleAction } from '../../../services/domain/cases.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatInstant, startOfDay } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { writeVehicle } from '../../parts/vehicle/liveUrl.ts'
import { ChangeDialog, MemberDialog, VehicleDialog } from './dialogs.tsx'
import { EvidencePart } from './EvidencePart.tsx'
import { FindingsPart } from './FindingsPart.tsx'
import type { FreshFinding } from './freshFinding.ts'
import { useText } from './texts.ts'

const minute = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

type Asked = 'change' | 'vehicle' | 'member' | { step: CaseAction } | { endMember: number }

export function CasePanel({
  caseId,
  fresh,
  onFreshDone,
  onChanged,
  onClose,
}: {
  caseId: number
  fresh: FreshFinding | undefined
  onFreshDone: () => void
  onChanged: () => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useText()
  const { data, error, refetch } = useQuery({
    queryKey: ['cases', caseId],
    queryFn: ({ signal }) => call('getCase', { params: { caseId }, signal }),
  })
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked | null>(null)
  const open = data?.state === 'OPEN'
  const close = () => setAsked(null)
  return (
    <Panel
      id={caseId}
      title={data?.number}
      kind={data && t(`caseState.${data.state}`)}
      error={error}
      retry={() => void refetch()}
      loading={!data}
      actions={
        data && (
          <>
            {open && <Button onClick={() => setAsked('vehicle')}>{t('cases.addVehicle')}</Button>}
            {open && (
              <Button onClick={() => void navigate({ to: '/whereabouts', search: { case: String(caseId), tab: 'here' } } as never)}>
                {t('page.whereabouts')}
              </Button>
            )}
            {open && <Button onClick={() => setAsked('change')}>{t('cases.change')}</Button>}
            {data.mayAct.map((action) => (
              <Button key={action} onClick={() => setAsked({ step: action })}>
                {t(`caseAction.${action}`)}
              </Button>
            ))}
          </>
        )
      }
      onClose={onClose}
    >
      {data && (
        <>
          <section className="panel-part">
            <Facts>
              <Fact name={t('cases.purpose')}>{data.purpose}</Fact>
              <Fact name={t('cases.basis')}>{data.basis}</Fact>
              <Fact name={t('cases.period')}>
                <span className="figure">{minute(data.from)} –</span> <span className="figure">{minute(data.until)}</span>
              </Fact>
              <Fact name={t('cases.openedBy')}>
                {data.openedBy} <span className="quiet figure">{minute(data.openedAt)}</span>
              </Fact>
            </Facts>
          </section>
          <section className="panel-part">
            <h3>{t('cases.vehicles')}</h3>
            {data.vehicleRows.length === 0 && <p className="quiet">{t('cases.noVehicles')}</p>}
            <ul className="rows case-rows">
              {data.vehicleRows.map((row) => (
                <VehicleRow key={row.caseVehicleId} of={data} row={row} onChanged={onChanged} />
              ))}
            </ul>
          </section>
          <section className="panel-part">
            <h3>{t('cases.members')}</h3>
            <ul className="rows">
              {data.memberRows.map((member) => (
                <li key={member.memberId}>
                  <span>
                    {member.displayName} <span className="quiet">{member.username}</span>
                  </span>
                  {open && data.memberRows.length > 1 && (
                    <Button size="small" type="text" onClick={() => setAsked({ endMember: member.memberId })}>
                      {t('cases.endMember')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
            {open && <Button onClick={() => setAsked('member')}>{t('cases.addMember')}</Button>}
          </section>
          <FindingsPart of={data} fresh={fresh} onFreshDone={onFreshDone} />
          <EvidencePart of={data} />
          <LooksPart caseId={caseId} />
          <section className="panel-part">
            <h3>{t('cases.steps')}</h3>
            <ul className="rows">
              {data.steps.map((step) => (
                <li key={`${step.at} ${step.action}`}>
                  <span>
                    {t(`caseAction.${step.action as CaseAction}`)} <span className="quiet">{step.by}</span>
                    <br />
                    {step.reason}
                  </span>
                  <span className="quiet figure">{minute(step.at)}</span>
                </li>
              ))}
            </ul>
          </section>
          {asked === 'change' && <ChangeDialog of={data} onChanged={onChanged} onClose={close} />}
          {asked === 'vehicle' && <VehicleDialog of={data} onChanged={onChanged} onClose={close} />}
          {asked === 'member' && <MemberDialog of={data} onChanged={onChanged} onClose={close} />}
          {asked !== null && typeof asked === 'object' && (
            <ReasonDialog
              title={'step' in asked ? t(`caseAction.${asked.step}`) : t('cases.endMember')}
              onSubmit={async (reason) => {
                if ('step' in asked)
                  await call('actOnCase', { params: { caseId }, body: { action: asked.step, version: data.version, reason } })
                else await call('endCaseMember', { params: { caseId, memberId: asked.endMember }, body: { reason } })
                await onChanged()
              }}
              onClose={close}
            />
          )}
        </>
      )}
    </Panel>
  )
}

function VehicleRow({ of, row, onChanged }: { of: Case; row: CaseVehicle; onChanged: () => Promise<unknown> }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<CaseVehicleAction | null>(null)
  const { vehicle, released } = row
  const readable = of.state === 'OPEN' && vehicle !== null && (row.state === 'OPEN' || row.state === 'RELEASED')
  // The last day of the period that has begun.
  const lastDay = startOfDay(Math.min(Date.now(), Date.parse(of.until) - 1))
  const range = { fromMs: Math.max(lastDay, Date.parse(of.from)), toMs: Math.min(lastDay + DAY_MS, Date.parse(of.until)) }
  return (
    <li>
      <span>
        {vehicle ? <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> : t('cases.hidden')}{' '}
        <span className="quiet">{vehicle && `${t(`class.${vehicle.class}`)} · ${vehicle.unit}`}</span>
        <br />
        {t(`caseVehicleState.${row.state}`)}
        {released && (
          <span className="quiet"> {t('cases.releasedFor', { from: minute(released.from), until: minute(released.until) })}</span>
        )}
        <span className="case-steps">
          {readable && (
            <Button
              size="small"
              type="primary"
              onClick={() =>
                void navigate({
                  to: '/replay',
                  search: { ...writeVehicle({ vehicleId: vehicle.vehicleId, range, trail: true }), case: String(of.caseId) },
                } as never)
              }
            >
              {t('cases.look')}
            </Button>
          )}
          {readable && (
            <Button
              size="small"
              onClick={() => void navigate({ to: '/compare', search: { case: String(of.caseId), v: String(vehicle.vehicleId) } } as never)}
            >
              {t('page.compare')}
            </Button>
          )}
          {of.state === 'OPEN' &&
            row.mayAct.map((action) => (
              <Button key={action} size="small" onClick={() => setAsked(action)}>
                {t(`caseVehicleAction.${action}`)}
              </Button>
            ))}
        </span>
      </span>
      {asked && <StepDialog row={row} action={asked} onChanged={onChanged} onClose={() => setAsked(null)} />}
    </li>
  )
}

export function StepDialog({
  row: { caseVehicleId, version },
  action,
  onChanged,
  onClose,
}: {
  row: CaseVehicle
  action: CaseVehicleAction
  onChanged: () => Promise<unknown>
  onClose: () => void
}) {
  const { t } = useText()
  return (
    <ReasonDialog
      title={t(`caseVehicleAction.${action}`)}
      danger={action === 'refuse'}
      onSubmit={async (reason) => {
        await call('actOnCaseVehicle', { params: { caseVehicleId }, body: { action, version, reason } })
        await onChanged()
      }}
      onClose={onClose}
    />
  )
}

function LooksPart({ caseId }: { caseId: number }) {
  const { t } = useText()
  const { data } = useQuery({
    queryKey: ['cases', caseId, 'looks'],
    queryFn: ({ signal }) => call('listCaseLooks', { params: { caseId }, query: { limit: 20 }, signal }),
  })
  return (
    <section className="panel-part">
      <h3>{t('cases.looks')}</h3>
      {data && (
        <p className="quiet">
          {data.total > 0 ? t('cases.looksOf', { n: data.total }) : t('cases.noLooks')}
          {data.total > data.rows.length && t('cases.looksShown', { n: data.rows.length })}
        </p>
      )}
      <ul className="rows">
        {data?.rows.map((look) => (
          <li key={`${look.lookId} ${look.askId}`}>
            <span>
              {look.by} · {whatOf(look, t)} · {t(`cases.part.${look.part as 'track'}`)}
              {look.rows !== null && <span className="quiet"> {t('cases.rows', { n: look.rows })}</span>}
              <br />
              <span className="quiet figure">
                {minute(look.from)} – {minute(look.until)}
              </span>
            </span>
            <span className="quiet figure">{minute(look.at)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Of which vehicle, or which question. */
function whatOf({ askId, plate }: AnswerOf<'listCaseLooks'>['rows'][number], t: ReturnType<typeof useText>['t']): string {
  if (askId !== null) return t('cases.ask', { n: askId })
  return plate === null ? t('cases.hidden') : plateAsPrinted(plate)
}
