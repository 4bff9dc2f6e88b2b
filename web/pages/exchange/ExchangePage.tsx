// 导入导出: choose what, take the template, give a file, see what would happen, apply it. Subject and import are in the address.
import { FileExcelOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown, Select } from 'antd'
import { type ExchangeSubject, exchangeSubjects, fileFormats } from '../../../services/contracts/exchange.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { ExportButton } from '../../kit/list/ExportButton.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import './exchange.css'
import { ImportHistory } from './ImportHistory.tsx'
import { ImportResult } from './ImportResult.tsx'
import { UploadBox } from './UploadBox.tsx'

/** By what one looks for; the number is the place in the order in which an empty ledger takes them. */
const groups = {
  organisations: ['organisations', 'organisationPast', 'places', 'compounds', 'pools'],
  quota: ['quotas', 'standards', 'policies'],
  vehicles: ['vehicles', 'pastPlates', 'terminals', 'suppliers', 'fuelCards'],
  drivers: ['drivers', 'driverLoans', 'driverShifts', 'driverDutyDays', 'driverLeaves', 'drivingLimits'],
  calendar: ['calendarYears', 'calendarDays', 'workingHours'],
} as const satisfies Record<string, readonly ExchangeSubject[]>
type Group = keyof typeof groups

export function ExchangePage() {
  const { t, locale } = useText()
  const account = useAccount()
  const cache = useQueryClient()
  const { url, change } = useUrl()
  const subject = exchangeSubjects.find((known) => known === url.subject) ?? 'vehicles'
  const importId = /^[1-9]\d{0,8}$/.test(url.import ?? '') ? Number(url.import) : null
  const open = (next: number | null) => change((old) => withEntries(old, { import: next === null ? undefined : String(next) }))
  const choose = (next: string) => change((old) => withEntries(old, { subject: next, import: undefined }))

  const found = useQuery({
    queryKey: ['import', importId],
    enabled: importId !== null,
    queryFn: ({ signal }) => call('getImport', { params: { importId: importId! }, signal }),
  })
  const check = useMutation({
    mutationFn: (file: File) => call('checkImport', { query: { subject, fileName: file.name.slice(0, 200) }, upload: file }),
    onSuccess: (answer) => {
      cache.setQueryData(['import', answer.importId], answer)
      void cache.invalidateQueries({ queryKey: ['imports'] })
      open(answer.importId)
    },
  })
  const template = useMutation({
    mutationFn: (format: (typeof fileFormats)[number]) => saveFile('getImportTemplate', { params: { subject }, query: { format, locale } }),
  })
  const mayImport = may(account, 'ledger.import')
  const subjects = (Object.keys(groups) as Group[]).map((group) => ({
    label: t(`exchange.group.${group}`),
    options: groups[group].map((value) => ({ value, label: t(`exchange.subject.${value}`) })),
  }))
  const error = check.error ?? template.error

  return (
    <div className="exchange">
      <h1>{t('exchange.title')}</h1>
      <div className="exchange-subject">
        <Select
          aria-label={t('exchange.subject')}
          options={subjects}
          value={subject}
          onChange={choose}
          showSearch={{ optionFilterProp: 'label' }}
          listHeight={480}
        />
        <span className="quiet">{t('exchange.order', { n: exchangeSubjects.indexOf(subject) + 1, of: exchangeSubjects.length })}</span>
      </div>
      <section className="card exchange-export" aria-labelledby="export-title">
        <div>
          <h2 id="export-title">{t('exchange.exportTitle')}</h2>
          <p className="quiet">{t('exchange.exportText', { subject: t(`exchange.subject.${subject}`) })}</p>
        </div>
        <ExportButton subject={subject} />
      </section>
      {mayImport && (
        <section className="card" aria-labelledby="import-title">
          <div className="exchange-head">
            <div>
              <h2 id="import-title">{t('exchange.importTitle')}</h2>
              <p className="quiet">{t('exchange.templateText')}</p>
            </div>
            <Dropdown
              trigger={['click']}
              menu={{
                items: fileFormats.map((format) => ({ key: format, label: t(`exchange.export.${format}`) })),
                onClick: ({ key }) => template.mutate(key as (typeof fileFormats)[number]),
              }}
            >
              <Button icon={<FileExcelOutlined />} loading={template.isPending}>
                {t('exchange.template')}
              </Button>
            </Dropdown>
          </div>
          {error && (
            <p className="exchange-broken" role="alert">
              {errorText(error, t, locale)}
            </p>
          )}
          {importId === null || check.isPending ? (
            <UploadBox busyWith={check.isPending ? check.variables.name : null} onFile={(file) => check.mutate(file)} />
          ) : found.data ? (
            <ImportResult key={importId} found={found.data} onAnother={() => open(null)} />
          ) : found.error ? (
            <ErrorState error={found.error} retry={() => void found.refetch()} />
          ) : (
            <div className="bone" aria-hidden="true" />
          )}
        </section>
      )}
      {mayImport && (
        <ImportHistory
          chosen={importId}
          onOpen={(next) => {
            check.reset()
            open(next)
          }}
        />
      )}
    </div>
  )
}
