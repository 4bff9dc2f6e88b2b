// What the dry run found, and the way on: put the file right, or apply it.
import { CheckCircleOutlined, CloseCircleOutlined, DownloadOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import type { Import } from '../../../services/contracts/exchange.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount } from '../../kit/format/number.ts'
import { Remarks } from './Remarks.tsx'
import { Samples } from './Samples.tsx'
import { useText } from './texts.ts'

const figures = ['rows', 'created', 'changed', 'unchanged'] as const

export function ImportResult({ found, onAnother }: { found: Import; onAnother: () => void }) {
  const { t, locale } = useText()
  const cache = useQueryClient()
  const { importId, token, state, created, changed, problemCount, noteCount, samples } = found
  const [asking, setAsking] = useState(false)
  const apply = async (reason: string) => {
    const applied = await call('applyImport', { params: { importId }, body: { token: token!, reason } })
    cache.setQueryData(['import', importId], applied)
    // Whatever other pages have read may have changed.
    void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'import' && queryKey[0] !== 'session' })
  }
  const annotated = useMutation({
    mutationFn: () => saveFile('getAnnotatedImport', { params: { importId }, query: { format: 'xlsx', locale } }),
  })
  const same = state === 'checked' && created + changed === 0
  const counts = { created: formatCount(created), changed: formatCount(changed) }
  const { error } = annotated
  return (
    <div className="import-result">
      <div className={state === 'refused' ? 'import-verdict import-refused' : 'import-verdict'} role="status">
        {state === 'refused' ? <CloseCircleOutlined /> : <CheckCircleOutlined />}
        <div>
          <strong>
            {state === 'refused'
              ? t('exchange.refusedTitle', { n: formatCount(problemCount) })
              : state === 'applied'
                ? t('exchange.appliedTitle', counts)
                : same
                  ? t('exchange.sameTitle')
                  : state === 'checked'
                    ? t('exchange.checkedTitle')
                    : t('exchange.state.checking')}
          </strong>
          <p className="quiet">
            {found.fileName} ·{' '}
            {state === 'refused' ? t('exchange.refusedText') : state === 'applied' ? t('exchange.appliedText') : t('exchange.checkedText')}
          </p>
        </div>
      </div>
      <dl className="import-figures">
        {figures.map((figure) => (
          <div key={figure}>
            <dt>{t(`exchange.${figure}`)}</dt>
            <dd className="figure">{formatCount(found[figure])}</dd>
          </div>
        ))}
        <div className={problemCount > 0 ? 'import-wrong' : undefined}>
          <dt>{t('exchange.problems')}</dt>
          <dd className="figure">{formatCount(problemCount)}</dd>
        </div>
      </dl>
      <div className="import-actions">
        {state === 'checked' && !same && (
          <Button type="primary" onClick={() => setAsking(true)}>
            {t('exchange.apply', counts)}
          </Button>
        )}
        {state === 'refused' && found.rows > 0 && (
          <Button icon={<DownloadOutlined />} loading={annotated.isPending} onClick={() => annotated.mutate()}>
            {t('exchange.annotated')}
          </Button>
        )}
        <Button onClick={onAnother}>{t('exchange.another')}</Button>
      </div>
      {asking && (
        <ReasonDialog
          title={t('exchange.apply', counts)}
          text={t('exchange.applyText', { name: found.fileName })}
          onSubmit={apply}
          onClose={() => setAsking(false)}
        />
      )}
      {error && (
        <p className="exchange-broken" role="alert">
          {errorText(error, t, locale)}
        </p>
      )}
      <Tabs
        size="small"
        items={[
          ...(problemCount > 0
            ? [
                {
                  key: 'problems',
                  label: `${t('exchange.problems')} ${formatCount(problemCount)}`,
                  children: <Remarks remarks={found.problems} total={problemCount} byColumn={found.problemsByColumn} />,
                },
              ]
            : []),
          ...(samples.length > 0 ? [{ key: 'samples', label: t('exchange.samples'), children: <Samples samples={samples} /> }] : []),
          ...(noteCount > 0
            ? [
                {
                  key: 'notes',
                  label: `${t('exchange.notes')} ${formatCount(noteCount)}`,
                  children: <Remarks remarks={found.notes} total={noteCount} />,
                },
              ]
            : []),
        ]}
      />
    </div>
  )
}
