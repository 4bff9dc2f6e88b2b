// Exports a list as it is seen: the page gives its subject and its filter, the server cuts to the scope, masks by role and records the act.
import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import type { QueryOf } from '../../services/contracts/api.ts'
import { type ExchangeSubject, fileFormats } from '../../services/contracts/exchange.ts'
import { errorText } from '../api/errorText.ts'
import { saveFile } from '../api/saveFile.ts'
import { may, useAccount } from '../api/session.ts'
import { useText } from '../i18n/i18n.ts'

type Filter = Omit<QueryOf<'exportList'>, 'format' | 'locale'>

/** Shows nothing to roles that may not export. */
export function ExportButton({ subject, filter = {} }: { subject: ExchangeSubject; filter?: Filter }) {
  const { t, locale } = useText()
  const account = useAccount()
  const save = useMutation({
    mutationFn: (format: (typeof fileFormats)[number]) =>
      saveFile('exportList', { params: { subject }, query: { ...filter, format, locale } }),
  })
  if (!may(account, 'ledger.export')) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: fileFormats.map((format) => ({ key: format, label: t(`exchange.export.${format}`) })),
          onClick: ({ key }) => save.mutate(key as (typeof fileFormats)[number]),
        }}
      >
        <Button icon={<DownloadOutlined />} loading={save.isPending}>
          {t('exchange.export')}
        </Button>
      </Dropdown>
      {save.error && (
        <span className="exchange-broken" role="alert">
          {errorText(save.error, t, locale)}
        </span>
      )}
    </>
  )
}
