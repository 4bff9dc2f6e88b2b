// The pages of a list, where there are several.
import { Pagination } from 'antd'
import { usePhone } from '../theme/media.ts'

type Props = { page: number; size: number; total: number | undefined; onPage: (page: number) => void; className?: string; small?: boolean }

export function Pages({ page, size, total, onPage, className, small = false }: Props) {
  const phone = usePhone()
  if (total === undefined || total <= size) return null
  return (
    <Pagination
      className={className}
      size={small ? 'small' : undefined}
      current={page}
      pageSize={size}
      total={total}
      showSizeChanger={false}
      simple={phone && { readOnly: true }}
      onChange={onPage}
    />
  )
}
