// Imports a statement: a file is chosen and tried, what it holds is shown, and then it is imported. Columns that are called otherwise are said here.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import type { StatementRead } from '../../../services/contracts/api/fuelStatements.ts'
import { MAX_STATEMENT_BYTES, trackVerdicts } from '../../../services/domain/fuelStatement.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

const fields = ['cardNo', 'at', 'fen', 'quantity', 'station'] as const
type Columns = Partial<Record<(typeof fields)[number], number>>

export function StatementDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [unitId, setUnitId] = useState<number | undefined>(account.organisation.organisationId)
  const [supplierId, setSupplierId] = useState<number>()
  const [file, setFile] = useState<File>()
  const [columns, setColumns] = useState<Columns>({})
  const suppliers = useQuery({
    queryKey: ['suppliers', 'statements'],
    queryFn: async ({ signal }) =>
      (await call('listSuppliers', { query: { limit: 200 }, signal })).rows.filter(
        ({ kinds }) => kinds.includes('fuel') || kinds.includes('charging'),
      ),
  })
  const query = { organisationId: unitId!, supplierId: supplierId!, fileName: file?.name.slice(0, 200) ?? '', ...columns }
  const ready = unitId !== undefined && supplierId !== undefined && file !== undefined && file.size <= MAX_STATEMENT_BYTES
  const tried = useQuery({
    queryKey: ['statement trial', query, file?.lastModified, file?.size],
    enabled: ready,
    retry: false,
    queryFn: ({ signal }) => call('importFuelStatement', { query: { ...query, trial: 'true' }, upload: file!, signal }),
  })
  return (
    <FormDialog
      title={t('statements.import')}
      submitText={t('statements.importNow')}
      width={640}
      ready={ready && tried.data !== undefined && tried.data.matched + tried.data.waiting > 0}
      onSubmit={async () => {
        await call('importFuelStatement', { query, upload: file! })
        await Promise.all(['statements', 'lines', 'bills'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
      }}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('costs.unit')} required>
        <UnitChoice label={t('costs.unit')} value={unitId} onChange={setUnitId} required />
      </Field>
      <Field name="supplierId" label={t('bills.supplier')} required>
        <Select
          aria-label={t('bills.supplier')}
          value={supplierId}
          options={(suppliers.data ?? []).map((row) => ({ value: row.supplierId, label: row.name }))}
          onChange={setSupplierId}
        />
      </Field>
      <Field name="file" label={t('statements.choose')} whole required>
        <input
          type="file"
          accept=".xlsx,.csv,.txt"
          onChange={({ target }) => {
            setFile(target.files?.[0])
            setColumns({})
          }}
        />
      </Field>
      {file && file.size > MAX_STATEMENT_BYTES && <p role="alert">{t('statements.tooLarge')}</p>}
      {tried.error && (
        <p role="alert" className="form-whole bad-text">
          {tried.error instanceof ApiError ? (tried.error.issues?.[0]?.message ?? tried.error.message) : t('statements.failed')}
        </p>
      )}
      {tried.data && <Trial of={tried.data} columns={columns} onColumns={setColumns} />}
    </FormDialog>
  )
}

function Trial({ of, columns, onColumns }: { of: StatementRead; columns: Columns; onColumns: (columns: Columns) => void }) {
  const { t, locale } = useText()
  const options = of.headings.map((heading, value) => ({ value, label: heading || String(value + 1) }))
  return (
    <div className="form-whole">
      <Facts>
        <Fact name={t('statements.rows')}>{of.lines}</Fact>
        <Fact name={t('statements.known')}>{of.known}</Fact>
        <Fact name={t('statements.matched')}>{of.matched}</Fact>
        <Fact name={t('statements.waiting')}>{of.waiting}</Fact>
        <Fact name={t('statements.skipped')}>{of.skipped}</Fact>
        {trackVerdicts
          .filter((verdict) => of.verdicts[verdict])
          .map((verdict) => (
            <Fact key={verdict} name={t(`trackVerdict.${verdict}`)}>
              {of.verdicts[verdict]}
            </Fact>
          ))}
      </Facts>
      <div className="form-grid">
        {fields.map((field) => (
          <Field key={field} label={t(`statements.column.${field}`)}>
            <Select
              aria-label={t(`statements.column.${field}`)}
              value={columns[field] ?? of.columns[field]}
              options={options}
              onChange={(value: number) => onColumns({ ...columns, [field]: value })}
            />
          </Field>
        ))}
      </div>
      {of.problemCount > 0 && (
        <>
          <p className="bad-text">{t('statements.problems', { n: of.problemCount })}</p>
          <ul className="rows">
            {of.problems.slice(0, 20).map(({ row, value, message }) => (
              <li key={row}>
                <span>{locale === 'en' ? message.en : message.zh}</span>
                <span className="quiet figure">{t('statements.row', { n: row, value })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
