// Exports a list as it is seen: the page gives its subject and its filter, the server cuts to the scope, masks by role and records the act.
import { DownloadOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { type ExportListName, type ExportSubject, fileFormats } from '../../../services/contracts/exchange.ts'
import { errorText } from '../api/errorText.ts'
import { saveFile } from '../api/saveFile.ts'
import { may, useAccount } from '../api/session.ts'
import { useText } from '../texts.ts'
import './list.css'

type Filter = Record<string, string | number | boolean | undefined>

/**
 * Shows nothing to roles that may not export.
 * @param list which list the page shows; by default everything of the subject in the scope
 * @param filter as the page asks its list with, without the page's own limit and offset
 */
export function ExportButton({ subject, list = 'all', filter = {} }: { subject: ExportSubject; list?: ExportListName; filter?: Filter }) {
  const { t, locale } = useText()
  const account = useAccount()
  const save = useMutation({
    mutationFn: (format: (typeof fileFormats)[number]) =>
      saveFile('exportList', { params: { subject }, query: { ...(filter as Record<string, string>), list, format, locale } }),
  })
  const navigate = useNavigate()
  if (!may(account, 'ledger.export')) return null
  /** The page of scheduled reports is told the list and its filter by the address. */
  const sendRegularly = () => {
    const of = new URLSearchParams({ list })
    for (const [key, value] of Object.entries(filter)) if (value !== undefined) of.set(key, String(value))
    void navigate({ to: '/reports', search: { of: of.toString() } } as never)
  }
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...fileFormats.map((format) => ({ key: format, label: t(`exchange.export.${format}`) })),
            ...(list !== 'all' && may(account, 'report.plan') ? [{ key: 'regularly', label: t('exchange.export.regularly') }] : []),
          ],
          onClick: ({ key }) => (key === 'regularly' ? sendRegularly() : save.mutate(key as (typeof fileFormats)[number])),
        }}
      >
        <Button icon={<DownloadOutlined />} loading={save.isPending}>
          {t('exchange.export')}
        </Button>
      </Dropdown>
      {save.error && (
        <span className="export-broken" role="alert">
          {errorText(save.error, t, locale)}
        </span>
      )}
    </>
  )
}
