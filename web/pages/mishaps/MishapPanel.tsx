// One record beside the list: when, where, who drove by the order of the time, its repair, what it cost, and what one may do now.
import { Link } from '@tanstack/react-router'
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { Mishap } from '../../../services/contracts/api/mishaps.ts'
import { type FinePayer, finePayers, type Liability, liabilities, type MishapAction } from '../../../services/domain/mishaps.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { type Text, useText } from './texts.ts'

const agrees: readonly MishapAction[] = ['verify', 'settle']

export function MishapPanel({ id, mishap, onClose }: { id: number; mishap: Mishap | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<MishapAction | null>(null)
  return (
    <Panel
      id={id}
      title={mishap && t('mishaps.title', { kind: t(`mishapKind.${mishap.kind}`), n: id })}
      kind={mishap && t(`mishapState.${mishap.state}`)}
      actions={mishap?.mayAct.map((action) => (
        <Button key={action} type={agrees.includes(action) ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`mishapAction.${action}`)}
        </Button>
      ))}
      loading={!mishap}
      onClose={onClose}
    >
      {mishap && <MishapBody mishap={mishap} />}
      {mishap && asked && <StepDialog mishap={mishap} action={asked} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

function droveText({ drove }: Mishap, t: Text): string {
  if (!drove) return t('mishaps.unknown')
  const { driver, order } = drove
  return driver ? t('mishaps.byOrder', { driver, order: order.number }) : t('mishaps.orderOnly', { order: order.number })
}

function MishapBody({ mishap }: { mishap: Mishap }) {
  const { t } = useText()
  const { vehicle, unit, movedTo, liability, fineFen, points, paidBy, costFen, insuredFen, workOrders, billIds } = mishap
  return (
    <>
      <section className="panel-part">
        <Facts>
          <Fact name={t('mishaps.vehicle')}>
            <Plate plate={vehicle.plate} colour={vehicle.plateColour} />
          </Fact>
          <Fact name={t('mishaps.at')}>
            <span className="figure">{minuteOf(mishap.at)}</span>
          </Fact>
          <Fact name={t('mishaps.place')}>{mishap.place}</Fact>
          <Fact name={t('mishaps.text')}>{mishap.text}</Fact>
          {mishap.noticeNo && <Fact name={t('mishaps.noticeNo')}>{mishap.noticeNo}</Fact>}
          <Fact name={t('mishaps.drove')}>{droveText(mishap, t)}</Fact>
          <Fact name={t('mishaps.unit')}>
            {unit.name} {movedTo && <span className="quiet">{t('mishaps.moved', { name: movedTo })}</span>}
          </Fact>
          {liability && <Fact name={t('mishaps.liability')}>{t(`liability.${liability}`)}</Fact>}
          {fineFen > 0 && (
            <Fact name={t('mishaps.fine')}>
              <span className="figure">{formatFen(fineFen)}</span> {paidBy && t(`finePayer.${paidBy}`)}
            </Fact>
          )}
          {points > 0 && <Fact name={t('mishaps.points')}>{points}</Fact>}
          {costFen !== null && costFen > 0 && <Fact name={t('mishaps.cost')}>{formatFen(costFen)}</Fact>}
          {insuredFen !== null && insuredFen > 0 && <Fact name={t('mishaps.insured')}>{formatFen(insuredFen)}</Fact>}
        </Facts>
        {billIds.map((billId) => (
          <p key={billId}>
            <Link to="/costs" search={{ list: 'bills', id: String(billId) } as never}>
              {t('mishaps.bill', { n: billId })}
            </Link>
          </p>
        ))}
      </section>
      {workOrders.length > 0 && (
        <section className="panel-part">
          <h3>{t('mishaps.repairs')}</h3>
          <ul className="rows">
            {workOrders.map(({ workOrderId, state, fen }) => (
              <li key={workOrderId}>
                <span>
                  <Link to="/upkeep" search={{ id: String(workOrderId) } as never}>
                    {t('mishaps.repair', { n: workOrderId })}
                  </Link>{' '}
                  <span className="quiet">{t(`workOrderState.${state}`)}</span>
                </span>
                {fen !== null && <span className="figure">{formatFen(fen)}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel-part">
        <h3>{t('mishaps.steps')}</h3>
        <ul className="rows">
          {mishap.steps.map((step) => (
            <li key={`${step.at} ${step.action}`}>
              <span>
                {t(`mishapAction.${step.action as 'enter'}`)} <span className="quiet">{step.by}</span>
                {step.reason && (
                  <>
                    <br />
                    {step.reason}
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

function StepDialog({ mishap, action, onClose }: { mishap: Mishap; action: MishapAction; onClose: () => void }) {
  const { t } = useText()
  const accident = mishap.kind === 'accident'
  const [liability, setLiability] = useState<Liability | undefined>(mishap.liability ?? undefined)
  const [fine, setFine] = useState<number | null>(mishap.fineFen / 100)
  const [points, setPoints] = useState<number | null>(mishap.points)
  const [paidBy, setPaidBy] = useState<FinePayer>()
  const [cost, setCost] = useState<number | null>(null)
  const [insured, setInsured] = useState<number | null>(null)
  const fined = mishap.fineFen > 0
  const text = action === 'verify' ? t('mishaps.verifyText') : action === 'settle' ? t('mishaps.settleText') : undefined
  return (
    <ReasonDialog
      title={t(`mishapAction.${action}`)}
      {...(text ? { text } : {})}
      ready={action === 'verify' ? !accident || liability !== undefined : action !== 'settle' || !fined || paidBy !== undefined}
      onSubmit={async (reason) => {
        const found = { ...(accident ? { liability: liability! } : {}), fineFen: fenOf(fine ?? 0), points: points ?? 0 }
        const settled = { ...(fined ? { paidBy: paidBy! } : {}), costFen: fenOf(cost ?? 0), insuredFen: fenOf(insured ?? 0) }
        const data = action === 'verify' ? found : action === 'settle' ? settled : {}
        await call('actOnMishap', { params: { mishapId: mishap.mishapId }, body: { action, version: mishap.version, reason, data } })
        await Promise.all(['mishaps', 'bills'].map((each) => queryClient.invalidateQueries({ queryKey: [each] })))
      }}
      onClose={onClose}
    >
      {action === 'verify' && (
        <>
          {accident && (
            <Field name="liability" label={t('mishaps.liability')} required>
              <Select
                aria-label={t('mishaps.liability')}
                value={liability}
                options={liabilities.map((value) => ({ value, label: t(`liability.${value}`) }))}
                onChange={setLiability}
              />
            </Field>
          )}
          <Field name="fineFen" label={t('mishaps.fineYuan')}>
            <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={fine} onChange={setFine} />
          </Field>
          <Field name="points" label={t('mishaps.points')}>
            <InputNumber precision={0} min={0} max={12} value={points} onChange={setPoints} />
          </Field>
        </>
      )}
      {action === 'settle' && (
        <>
          {fined && (
            <Field name="paidBy" label={t('mishaps.paidBy')} required>
              <Select
                aria-label={t('mishaps.paidBy')}
                value={paidBy}
                options={finePayers.map((value) => ({ value, label: t(`finePayer.${value}`) }))}
                onChange={setPaidBy}
              />
            </Field>
          )}
          <Field name="costFen" label={t('mishaps.costYuan')}>
            <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={cost} onChange={setCost} />
          </Field>
          <Field name="insuredFen" label={t('mishaps.insuredYuan')}>
            <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={insured} onChange={setInsured} />
          </Field>
        </>
      )}
    </ReasonDialog>
  )
}
