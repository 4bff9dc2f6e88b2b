// 一车一档 beside the list: the file as a panel with the next step as its first button.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, Input } from 'antd'
import { useState } from 'react'
import type { VehicleFile } from '../../../services/contracts/api/ledger.ts'
import { actionsOf, type VehicleAction, vehicleLifecycle } from '../../../services/domain/lifecycle.ts'
import type { Capability } from '../../../services/domain/permissions.ts'
import { isSubjectToQuota, plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { MISSING } from '../../kit/format/number.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { HistoryPart } from '../../parts/history/HistoryPart.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { SwapDialog, TerminalOfVehicle } from '../../parts/terminal/OfVehicle.tsx'
import { fileQuery } from '../../parts/vehicle/fileQuery.ts'
import { Attachments } from './Attachments.tsx'
import { EditFile } from './EditFile.tsx'
import { StartFlow } from './StartFlow.tsx'
import { type TextKey, useText } from './texts.ts'
import { formatPrice, formatYuan, sayField } from './words.ts'

type Asked = 'edit' | 'terminal' | 'transfer' | 'disposal' | { action: VehicleAction }

export function FilePanel({ vehicleId, onClose }: { vehicleId: number; onClose: () => void }) {
  const { t } = useText()
  const [day, setDay] = useState('')
  const { data: file, error, refetch } = useQuery(fileQuery(vehicleId, day))
  return (
    <Panel
      id={vehicleId}
      title={file && `${file.make} ${file.model}`}
      kind={file && <Plate plate={file.plate} colour={file.plateColour} large />}
      loading={!file}
      error={error}
      retry={() => (day ? setDay('') : void refetch())}
      onClose={onClose}
      actions={file && day === '' && <FileActions file={file} />}
    >
      <Input
        className="file-day"
        type="date"
        allowClear
        prefix={<span className="quiet">{t('file.asOf')}</span>}
        aria-label={t('file.asOf')}
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
      {file && <FileBody file={file} />}
    </Panel>
  )
}

function FileBody({ file }: { file: VehicleFile }) {
  const { t, locale } = useText()
  const { data: history } = useQuery({
    queryKey: ['vehicleHistory', file.vehicleId, file.version],
    queryFn: ({ signal }) => call('getVehicleHistory', { params: { vehicleId: file.vehicleId }, signal }),
  })
  const litres = (ml: number) => (ml / 1000).toFixed(1)
  return (
    <>
      {(file.overQuota || file.excess.length > 0) && (
        <section className="panel-part">
          {file.overQuota && <p className="ledger-note">{t('file.overQuota')}</p>}
          {file.excess.map(({ what, value, limit }) => (
            <p key={what} className="ledger-note">
              {what === 'price'
                ? t('file.excess.price', { value: formatPrice(value, locale), limit: formatPrice(limit, locale) })
                : t('file.excess.displacement', { value: litres(value), limit: litres(limit) })}
            </p>
          ))}
        </section>
      )}
      <section className="panel-part" aria-label={t('file.title')}>
        <h3>{t('file.title')}</h3>
        <Facts>
          <Fact name={t('ledger.state')}>{t(`vehicleState.${file.state}`)}</Fact>
          <Fact name={t('field.userUnitId')}>{file.userUnit.name}</Fact>
          <Fact name={t('field.ownerUnitId')}>{file.ownerUnit.name}</Fact>
          <Fact name={t('field.category')}>{t(`category.${file.category}`)}</Fact>
          <Fact name={t('ledger.seat')}>
            {!isSubjectToQuota(file.category)
              ? t('ledger.notSubject')
              : file.quotaSeat === null
                ? t('ledger.noSeat')
                : t('ledger.seatNo', { n: file.quotaSeat })}
          </Fact>
          <Fact name={t('identity.model')}>
            {file.make} {file.model}
          </Fact>
          {(['bodyType', 'equipment', 'origin', 'energy', 'displacementMl', 'tankL', 'seats', 'vin', 'engineNo'] as const).map((field) => (
            <Fact key={field} name={t(`field.${field}`)}>
              {sayField(t, field, file[field])}
            </Fact>
          ))}
          <Fact name={t('ledger.price')}>{formatYuan(file.priceFen)}</Fact>
          {(['registeredOn', 'inServiceOn', 'insuranceUntil', 'inspectionUntil', 'stickerNo'] as const).map((field) => (
            <Fact key={field} name={t(`field.${field}`)}>
              {sayField(t, field, file[field])}
            </Fact>
          ))}
          <Fact name={t('field.parkingPlaceId')}>{file.parkingPlace ?? MISSING}</Fact>
          <Fact name={t('field.fuelSupplierId')}>{file.suppliers.fuel ?? MISSING}</Fact>
          <Fact name={t('field.repairSupplierId')}>{file.suppliers.repair ?? MISSING}</Fact>
          <Fact name={t('field.insuranceSupplierId')}>{file.suppliers.insurance ?? MISSING}</Fact>
          <Fact name={t('field.terminalId')}>
            <TerminalOfVehicle file={file} />
          </Fact>
          <Fact name={t('field.secrecy')}>{sayField(t, 'secrecy', file.secrecy)}</Fact>
          {file.pastPlates.length > 0 && (
            <Fact name={t('file.pastPlates')}>
              {file.pastPlates
                .map(({ plate, until }) =>
                  t('file.until', { plate: plateAsPrinted(plate), until: formatInstant(Date.parse(until)).slice(0, 10) }),
                )
                .join(t('search.comma'))}
            </Fact>
          )}
          {file.note && <Fact name={t('field.note')}>{file.note}</Fact>}
        </Facts>
      </section>
      <Attachments file={file} />
      <HistoryPart of="vehicle" rows={history?.rows} />
    </>
  )
}

function FileActions({ file }: { file: VehicleFile }) {
  const { t } = useText()
  const account = useAccount()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<Asked | null>(null)
  const { vehicleId, version } = file
  const close = () => setAsked(null)
  const refresh = () =>
    Promise.all([['vehicleFile', vehicleId], ['ledger'], ['vehicle', vehicleId]].map((queryKey) => client.invalidateQueries({ queryKey })))
  const draft = may(account, 'ledger.draft') && file.state !== 'DISPOSED'
  const actions = (actionsOf(vehicleLifecycle, file.state) as VehicleAction[]).filter((action) => {
    const { by } = vehicleLifecycle[action]
    return by !== 'system' && may(account, by as Capability)
  })
  const more = [
    ...actions.map((action) => ({ key: action, label: t(`vehicleAction.${action}` as TextKey), onClick: () => setAsked({ action }) })),
    { key: 'terminal', label: t('terminalAct.swap'), onClick: () => setAsked('terminal') },
    ...(file.openFlow
      ? []
      : [
          { key: 'transfer', label: t('file.transfer'), onClick: () => setAsked('transfer') },
          ...(actionsOf(vehicleLifecycle, file.state).includes('proposeDisposal')
            ? [{ key: 'disposal', label: t('file.dispose'), onClick: () => setAsked('disposal') }]
            : []),
        ]),
  ]
  return (
    <>
      {file.openFlow && (
        <Button type="primary" onClick={() => void navigate({ to: '/flows', search: { id: String(file.openFlow?.flowId) } } as never)}>
          {t('file.openFlow', { kind: t(`flow.${file.openFlow.kind}`) })}
        </Button>
      )}
      {draft && <Button onClick={() => setAsked('edit')}>{t('file.edit')}</Button>}
      {draft && more.length > 0 && (
        <Dropdown menu={{ items: more }} trigger={['click']}>
          <Button aria-haspopup="menu">…</Button>
        </Dropdown>
      )}
      {asked === 'edit' && <EditFile file={file} onDone={refresh} onClose={close} />}
      {(asked === 'transfer' || asked === 'disposal') && <StartFlow kind={asked} vehicle={file} onClose={close} />}
      {asked === 'terminal' && <SwapDialog file={file} onClose={close} />}
      {asked !== null && typeof asked === 'object' && (
        <ReasonDialog
          title={t(`vehicleAction.${asked.action}` as TextKey)}
          onClose={close}
          onSubmit={(reason) =>
            call('actOnVehicle', { params: { vehicleId }, body: { version, reason, action: asked.action } }).then(refresh)
          }
        />
      )}
    </>
  )
}
